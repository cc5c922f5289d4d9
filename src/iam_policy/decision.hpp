// May it? All policies that bear on a request, in AWS's order: an explicit deny anywhere; then whether a
// resource-based or an identity-based policy allows; then the permissions boundary; then the session
// policies.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "iam_policy/policy.hpp"

namespace keytide::iam_policy {

enum class PolicyType { identity, boundary, session, resource, trust };

// "identity-based policy", "permissions boundary", "session policy", "resource-based policy", "role trust
// policy"
std::string_view words_for(PolicyType type);

struct NamedPolicy {
    std::string_view name;  // whatever the caller will know it by
    const Policy* policy = nullptr;
};

// Only what is there is heard: without a boundary nothing is bounded; with session policies that are none, a
// session may do nothing.
struct Policies {
    std::span<const NamedPolicy> identity{};  // inline and managed ones, those of groups too
    const NamedPolicy* boundary = nullptr;
    std::optional<std::span<const NamedPolicy>> session{};  // given to AssumeRole or GetFederationToken
    const NamedPolicy* resource = nullptr;                  // the bucket's, or the role's trust policy
    // A trust policy, which has to allow even in the same account.
    bool resource_is_trust = false;
};

// The statement that settled it.
struct Deciding {
    PolicyType type{};
    std::string_view policy;  // the name of the policy
    std::size_t index = 0;    // of the statement in it, from 0
    const Statement* statement = nullptr;
};

struct Decision {
    Verdict verdict = Verdict::implicit_deny;
    // Of the policy that denies, that allows, or, when the denial is implicit, of the kind of which none
    // allows.
    PolicyType type = PolicyType::identity;
    std::optional<Deciding> deciding;  // nothing: the denial is implicit, or the root user needs no policy

    bool allowed() const { return verdict == Verdict::allowed; }

    // The end of AWS's refusals: "with an explicit deny in an identity-based policy", "because no session
    // policy allows the iam:GetUser action". Empty when allowed.
    // https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
    std::string reason(std::string_view action) const;
};

// The root user of an account may do there what no policy denies.
Decision decide(const Policies& policies, const Request& request);

}  // namespace keytide::iam_policy
