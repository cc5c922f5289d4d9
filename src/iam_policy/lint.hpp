// What a policy says that it cannot mean: actions that do not exist, actions and resources that never meet,
// a policy that grants nothing. IAM stores all of that without a word.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "iam_policy/known_actions.hpp"
#include "iam_policy/policy.hpp"

namespace keytide::iam_policy {

enum class Fault { unknown_action, never_meet, grants_nothing };

struct Finding {
    Fault fault{};
    std::optional<std::size_t> statement;  // its index; nothing: the whole policy
    std::string action;                    // as it is written; or empty
    std::string resource;                  // one that no action of the statement is about; or empty
    std::string suggestion;                // an action that exists; or empty
    std::string message;                   // a sentence without a full stop
};

// Of services that `known` does not know, it says nothing.
std::vector<Finding> lint(const Policy& policy, const KnownActions& known);

}  // namespace keytide::iam_policy
