#include "lab/state/held_policies.hpp"

#include <algorithm>

namespace keytide::lab {
namespace {

HeldPolicies::Named named(const ManagedPolicy& policy) {
    return {policy.arn, policy.in_force().document.compiled};
}

bool same(const HeldPolicies::Named& one, const HeldPolicies::Named& other) {
    return one.first == other.first && &one.second.statements() == &other.second.statements();
}

// The principals of the same text may have been made again, and be others.
bool same_trust(const Trust& one, const Trust& other) {
    return one.document.text == other.document.text && one.unique_ids == other.unique_ids;
}

template <class Holder>  // a user, a group or a role
void add(HeldPolicies& held, const Holder& holder) {
    for (const auto& [name, policy] : holder.policies.by_name())
        held.identity.emplace_back(name, policy.compiled);
    for (const auto* policy : holder.attached.all()) held.identity.push_back(named(*policy));
}

}  // namespace

bool HeldPolicies::same_as(const HeldPolicies& other) const {
    if (boundary.has_value() != other.boundary.has_value()) return false;
    if (boundary && !same(*boundary, *other.boundary)) return false;
    if (trust.has_value() != other.trust.has_value()) return false;
    if (trust && !same_trust(*trust, *other.trust)) return false;
    return std::equal(identity.begin(), identity.end(), other.identity.begin(), other.identity.end(), same);
}

std::map<std::string, HeldPolicies> policies_of_all(const Account& account) {
    std::map<std::string, HeldPolicies> all;
    for (const auto& [name, user] : account.users().by_name()) {
        auto& held = all[user.id];
        add(held, user);
        for (const auto* group : user.groups) add(held, *group);
        if (user.boundary != nullptr) held.boundary = named(*user.boundary);
    }
    for (const auto& [name, role] : account.roles().by_name()) {
        auto& held = all[role.id];
        add(held, role);
        if (role.boundary != nullptr) held.boundary = named(*role.boundary);
        held.trust = role.trust;
    }
    return all;
}

}  // namespace keytide::lab
