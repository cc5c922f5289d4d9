// The managed policies that are attached to one user, group or role, ten at most.
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_AttachUserPolicy.html
//
// They are pointed at: a policy cannot be deleted while it is attached.
#pragma once

#include <string_view>
#include <vector>

#include "lab/service_error.hpp"
#include "lab/state/inline_policies.hpp"
#include "lab/state/managed_policies.hpp"

namespace keytide::lab {

class AttachedPolicies {
public:
    explicit AttachedPolicies(Holder holder) : holder_(holder) {}

    // False: it was attached before. LimitExceeded.
    Outcome<bool> attach(const ManagedPolicy& policy);
    bool detach(const ManagedPolicy& policy);  // false: it was not attached

    bool empty() const { return policies_.empty(); }
    bool contains(const ManagedPolicy& policy) const;
    const std::vector<const ManagedPolicy*>& all() const { return policies_; }  // in the order attached

private:
    Holder holder_;
    std::vector<const ManagedPolicy*> policies_;
};

}  // namespace keytide::lab
