// One call of CloudFormation's API, what every action of it does first, and where stacks are kept.
#pragma once

#include <deque>
#include <initializer_list>
#include <string>
#include <string_view>

#include "lab/account.hpp"
#include "lab/caller.hpp"
#include "lab/cloudformation/cloudformation.hpp"
#include "lab/cloudformation/stack.hpp"
#include "lab/parameters.hpp"

namespace keytide::lab::cloudformation {

struct Stacks::State {
    std::deque<Stack> all;  // deleted ones too, which are found by their id

    // A name means the stack of that name in this region that is not deleted. Null: none.
    Stack* find(std::string_view region, std::string_view name_or_id);
};

// Where a change set lies. Nulls: there is none.
struct FoundChangeSet {
    Stack* stack;
    ChangeSet* change_set;
};

struct Call {
    Account& account;
    Stacks::State& stacks;
    const Caller& caller;
    const Parameters& parameters;
    Instant now;

    // On the stack that StackName names, there or not; on all stacks when it is absent.
    Outcome<void> authorise(std::string_view action) const;

    Stack* find_stack() const;                  // null: none, or no StackName
    Outcome<Stack*> stack_with_id() const;      // "Stack with id X does not exist"
    Outcome<Stack*> stack_in_brackets() const;  // "Stack [X] does not exist", as other actions say it
    Outcome<Stack*> stack_in_quotes() const;    // "Stack 'X' does not exist", as one does

    // Named within the stack of StackName, or by its own ARN.
    FoundChangeSet find_change_set() const;

    // A parameter that must be given; `member` is its name in error texts: stackName for StackName.
    Outcome<std::string> required(std::string_view name, std::string_view member) const;

    // Parameters that would change what the action does. Empty ones, and "false", ask for nothing.
    Outcome<void> refuse_unsupported(std::initializer_list<std::string_view> names) const;

    std::string arn(std::string_view kind, std::string_view name, std::string_view id) const;
};

inline std::unexpected<ServiceError> invalid(std::string message) {
    return refuse("ValidationError", std::move(message), 400);
}

}  // namespace keytide::lab::cloudformation
