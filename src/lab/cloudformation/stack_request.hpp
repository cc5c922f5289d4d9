// What CreateStack, UpdateStack and CreateChangeSet ask for alike: a template, its parameters, capabilities.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStack.html
#pragma once

#include <string>
#include <vector>

#include "lab/cloudformation/bound_template.hpp"
#include "lab/cloudformation/call.hpp"

namespace keytide::lab::cloudformation {

inline constexpr std::string_view in_review = "REVIEW_IN_PROGRESS";  // a change set waits to create the stack

struct StackRequest {
    BoundTemplate wanted;
    std::vector<std::string> capabilities;
};

// `stack`: null when there is none yet; `place`: where it is, or will be.
Outcome<StackRequest> read_stack_request(const Call& call, const Stack* stack, const StackPlace& place);

// TemplateBody, or that of the stack with UsePreviousTemplate.
Outcome<Template> requested_template(const Call& call, const Stack* stack);

// [a-zA-Z][-a-zA-Z0-9]*, up to 128.
Outcome<void> check_name(std::string_view member, std::string_view name);

Outcome<void> check_updatable(const Stack& stack);

// Of a stack that is to be, its id drawn by lot.
Outcome<StackPlace> new_place(const Call& call, const std::string& name);

Stack& add_stack(const Call& call, const StackPlace& place);

// For what all three refuse, and some more.
Outcome<void> refuse_unsupported_options(const Call& call, std::initializer_list<std::string_view> more);

}  // namespace keytide::lab::cloudformation
