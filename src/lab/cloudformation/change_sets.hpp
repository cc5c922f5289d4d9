// Change sets: what `aws cloudformation deploy` creates, waits for and executes. Here they are ready at once.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-updating-stacks-changesets.html
#pragma once

#include "lab/cloudformation/call.hpp"

namespace keytide::lab::cloudformation {

// All of them have authorised nothing yet when they are called.
ActionResult create_change_set(const Call& call);
ActionResult describe_change_set(const Call& call);
ActionResult execute_change_set(const Call& call);
ActionResult delete_change_set(const Call& call);
ActionResult list_change_sets(const Call& call);

}  // namespace keytide::lab::cloudformation
