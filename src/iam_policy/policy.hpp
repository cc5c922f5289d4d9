// The policy language of IAM, compiled once when a policy is stored and evaluated at every request.
//
// Effect, Action, NotAction, Resource and NotResource with the wildcards * and ?, and ${aws:username} in
// resources. What is not supported yet (Condition, other variables) and what identity policies may not hold
// (Principal) is refused here: a policy that is stored means to this program what it means to AWS.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "iam_policy/pattern.hpp"
#include "vocabulary/error.hpp"

namespace keytide::iam_policy {

enum class Effect { allow, deny };

// Ordered by strength: the strongest verdict of any policy is the verdict of all.
enum class Verdict { implicit_deny, allowed, explicit_deny };

struct Statement {
    std::string sid;  // may be empty
    Effect effect = Effect::deny;
    bool not_action = false;
    std::vector<ActionPattern> actions;
    bool not_resource = false;
    std::vector<ResourcePattern> resources;

    bool matches(std::string_view lower_case_action, std::string_view resource,
                 std::string_view user_name) const;
};

class Policy {
public:
    // An identity policy as JSON. Actions that do not exist are accepted and match nothing.
    static Result<Policy> parse(std::string_view json);

    // `action`: service:Name, in any case of letters. `resource`: an ARN, or "*" for actions without
    // resource. `user_name`: the caller's, which is aws:username; empty for callers that are no IAM user.
    Verdict evaluate(std::string_view action, std::string_view resource,
                     std::string_view user_name = {}) const;

    const std::vector<Statement>& statements() const { return statements_; }

private:
    std::vector<Statement> statements_;
};

// The stronger of two policies' verdicts.
inline Verdict stronger(Verdict a, Verdict b) {
    return a < b ? b : a;
}

// Characters that count towards AWS's limits: all but white space.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
std::size_t counted_size(std::string_view json);

inline constexpr std::size_t user_policies_limit = 2048;  // of all inline policies of one user together

}  // namespace keytide::iam_policy
