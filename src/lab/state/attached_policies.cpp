#include "lab/state/attached_policies.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "lab/state/quotas.hpp"

namespace keytide::lab {
namespace {

std::string_view quota_name(Holder holder) {
    switch (holder) {
        case Holder::user: return "PoliciesPerUser";
        case Holder::group: return "PoliciesPerGroup";
        case Holder::role: return "PoliciesPerRole";
    }
    return {};
}

}  // namespace

Outcome<bool> AttachedPolicies::attach(const ManagedPolicy& policy) {
    if (contains(policy)) return false;
    if (policies_.size() >= attached_policies_per_holder)
        return refuse(
            "LimitExceeded",
            fmt::format("Cannot exceed quota for {}: {}", quota_name(holder_), attached_policies_per_holder),
            409);
    policies_.push_back(&policy);
    return true;
}

bool AttachedPolicies::detach(const ManagedPolicy& policy) {
    return std::erase(policies_, &policy) > 0;
}

bool AttachedPolicies::contains(const ManagedPolicy& policy) const {
    return std::find(policies_.begin(), policies_.end(), &policy) != policies_.end();
}

}  // namespace keytide::lab
