// What policies let Keytide do with a user's own key, and what in them cannot mean what it says.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "iam_policy/policy.hpp"
#include "rotation/permission.hpp"

namespace keytide::cli {

struct CheckedPolicy {
    std::string name;  // of the file, or of the policy in IAM
    iam_policy::Policy policy;
};

// All that a user has: its policies and those of its groups, and what bounds them.
struct HeldPolicies {
    std::vector<CheckedPolicy> identity;
    std::optional<CheckedPolicy> boundary;
};

struct PolicyCheck {
    struct Told {
        std::string policy;
        std::uint32_t line;
        std::string words;  // iam_policy/explanation.hpp
    };
    enum class May { yes, no, conditional };
    struct Power {
        const rotation::Permission* permission;
        May may;
        std::vector<std::string> conditions;  // under which it is another matter, in words
    };
    struct Finding {
        std::string policy;
        std::string fault;  // malformed, unknown_action, never_meet, grants_nothing
        std::optional<std::uint32_t> line;
        std::string action, resource, suggestion;  // each may be empty
        std::string message;
    };

    std::string user;  // the ARN of the user whose key it is; of some user, where none is named
    std::vector<Told> statements;
    std::vector<Power> powers;  // in the order of rotation::permissions()
    bool by_aws = false;        // these are AWS's own decisions; otherwise the policies' alone
    std::vector<Finding> findings;
};

// The user is the one of that name; or the one whom the policies name; or whoever has them.
PolicyCheck check_policies(const HeldPolicies& held, const std::optional<std::string>& user_name);

// A policy that AWS would not store.
PolicyCheck::Finding malformed(std::string policy, std::string refusal);

std::string_view to_text(PolicyCheck::May may);  // "yes", "no", "conditional"

// For people: the statements in words, what Keytide may, and the findings.
std::string in_lines(const PolicyCheck& check);

}  // namespace keytide::cli
