#include "lab/gate/effective_policies.hpp"

namespace keytide::lab::gate {
namespace {

iam_policy::NamedPolicy named(const ManagedPolicy& policy) {
    return {policy.arn, &policy.in_force().document.compiled};
}

}  // namespace

void EffectivePolicies::add(const InlinePolicies& policies) {
    for (const auto& [name, policy] : policies.by_name()) identity_.push_back({name, &policy.compiled});
}

void EffectivePolicies::add(const AttachedPolicies& policies) {
    for (const auto* policy : policies.all()) identity_.push_back(named(*policy));
}

void EffectivePolicies::add(const HeldPolicies& earlier) {
    for (const auto& [name, policy] : earlier.identity) identity_.push_back({name, &policy});
    if (earlier.boundary)
        boundary_ = iam_policy::NamedPolicy{earlier.boundary->first, &earlier.boundary->second};
}

void EffectivePolicies::bound(const ManagedPolicy* boundary) {
    if (boundary != nullptr) boundary_ = named(*boundary);
}

EffectivePolicies::EffectivePolicies(const Account& account, const Caller& caller) {
    principal_.account = caller.account;
    principal_.arn = caller.arn;
    principal_.unique_id = caller.principal_id;
    switch (caller.kind) {
        case Caller::Kind::root: principal_.kind = iam_policy::Principal::Kind::root; break;
        case Caller::Kind::user:
            principal_.kind = iam_policy::Principal::Kind::user;
            if (const auto* user = account.users().find_by_id(caller.principal_id)) {
                principal_.arn = user->arn;
                if (caller.earlier_policies) {
                    add(*caller.earlier_policies);
                    break;
                }
                add(user->policies);
                add(user->attached);
                for (const auto* group : user->groups) {
                    add(group->policies);
                    add(group->attached);
                }
                bound(user->boundary);
            }
            break;
        case Caller::Kind::role_session:
            principal_.kind = iam_policy::Principal::Kind::role_session;
            if (const auto* role = account.roles().find_by_id(caller.principal_id)) {
                principal_.role_arn = role->arn;
                if (caller.earlier_policies) {
                    add(*caller.earlier_policies);
                    break;
                }
                add(role->policies);
                add(role->attached);
                bound(role->boundary);
            }
            break;
    }
    if (!caller.session || !caller.session->is_narrowed()) return;
    session_.emplace();
    if (caller.session->policy) session_->push_back({"session policy", &caller.session->policy->compiled});
    for (const auto& arn : caller.session->policy_arns)
        if (const auto* policy = account.find_policy(arn)) session_->push_back(named(*policy));
}

iam_policy::Policies EffectivePolicies::policies() const {
    iam_policy::Policies policies{.identity = identity_};
    if (boundary_) policies.boundary = &*boundary_;
    if (session_) policies.session = *session_;
    return policies;
}

}  // namespace keytide::lab::gate
