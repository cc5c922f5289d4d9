// CreateStack, UpdateStack, DeleteStack: without a change set in between, and final before they answer.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStack.html and its neighbours
#pragma once

#include "lab/cloudformation/call.hpp"

namespace keytide::lab::cloudformation {

ActionResult create_stack(const Call& call);
ActionResult update_stack(const Call& call);
ActionResult delete_stack(const Call& call);
ActionResult update_termination_protection(const Call& call);

}  // namespace keytide::lab::cloudformation
