// From the declared to the real: a stack is created, updated or deleted in one go, and every step is told as
// an event. What fails is rolled back, again in events.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stack-failure-options.html
#pragma once

#include "lab/cloudformation/holding.hpp"
#include "lab/cloudformation/stack.hpp"

namespace keytide::lab::cloudformation {

// Ends in CREATE_COMPLETE, or in ROLLBACK_COMPLETE (ROLLBACK_FAILED) when a resource could not be created.
void create_resources(const Actor& actor, Stack& stack, const Template& wanted);

// Ends in UPDATE_COMPLETE, or in UPDATE_ROLLBACK_COMPLETE (UPDATE_ROLLBACK_FAILED). `wanted` has passed
// changes_between. Resources that are no longer wanted go last; one that cannot be deleted is left alone and
// no longer the stack's.
void update_resources(const Actor& actor, Stack& stack, const Template& wanted);

// Ends in DELETE_COMPLETE, or in DELETE_FAILED: a user who has access keys stays, and what it depends on.
void delete_resources(const Actor& actor, Stack& stack);

}  // namespace keytide::lab::cloudformation
