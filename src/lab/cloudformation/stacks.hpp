// Stacks described.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStacks.html and its
// neighbours
#pragma once

#include "lab/cloudformation/call.hpp"

namespace keytide::lab::cloudformation {

ActionResult describe_stacks(const Call& call);
ActionResult describe_stack_events(const Call& call);  // the newest first
ActionResult describe_stack_resources(const Call& call);
ActionResult describe_stack_resource(const Call& call);
ActionResult list_stack_resources(const Call& call);
ActionResult list_stacks(const Call& call);

}  // namespace keytide::lab::cloudformation
