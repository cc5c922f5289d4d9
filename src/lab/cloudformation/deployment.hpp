// From the declared to the real: a stack is created, updated or deleted in one go, and every step is told as
// an event. What fails is rolled back, again in events.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stack-failure-options.html
#pragma once

#include "lab/cloudformation/holding.hpp"
#include "lab/cloudformation/stack.hpp"

namespace keytide::lab::cloudformation {

// Ends in CREATE_COMPLETE. When a resource could not be created: in ROLLBACK_COMPLETE (ROLLBACK_FAILED), in
// CREATE_FAILED, or in DELETE_COMPLETE (DELETE_FAILED).
enum class OnFailure { roll_back, do_nothing, remove };
void create_resources(const Actor& actor, Stack& stack, const BoundTemplate& wanted,
                      OnFailure on_failure = OnFailure::roll_back);

// Ends in UPDATE_COMPLETE, or in UPDATE_ROLLBACK_COMPLETE (UPDATE_ROLLBACK_FAILED). `wanted` has passed
// changes_between. What is replaced is made anew before the old one goes; what is no longer wanted goes last,
// and when it cannot be deleted, it is left alone and no longer the stack's.
void update_resources(const Actor& actor, Stack& stack, const BoundTemplate& wanted);

// Ends in DELETE_COMPLETE, or in DELETE_FAILED: a user who has access keys stays, and what it depends on.
void delete_resources(const Actor& actor, Stack& stack);

}  // namespace keytide::lab::cloudformation
