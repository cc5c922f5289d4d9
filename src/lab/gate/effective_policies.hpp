// All policies that a caller has: inline and attached, its groups', its boundary, and those of its session.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies.html
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "iam_policy/decision.hpp"
#include "lab/account.hpp"
#include "lab/caller.hpp"
#include "lab/state/held_policies.hpp"

namespace keytide::lab::gate {

// Points into the account and the caller, which must outlive it.
class EffectivePolicies {
public:
    // A user or role that is gone, or was made again under its name, has none.
    EffectivePolicies(const Account& account, const Caller& caller);
    EffectivePolicies(const EffectivePolicies&) = delete;
    EffectivePolicies& operator=(const EffectivePolicies&) = delete;

    iam_policy::Policies policies() const;
    const iam_policy::Principal& principal() const { return principal_; }

private:
    void add(const InlinePolicies& policies);
    void add(const AttachedPolicies& policies);
    void add(const HeldPolicies& earlier);
    void bound(const ManagedPolicy* boundary);

    std::vector<iam_policy::NamedPolicy> identity_;
    std::optional<iam_policy::NamedPolicy> boundary_;
    std::optional<std::vector<iam_policy::NamedPolicy>> session_;
    iam_policy::Principal principal_;
};

}  // namespace keytide::lab::gate
