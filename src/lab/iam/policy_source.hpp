// Whose policies are simulated: the user, group or role of an ARN.
#pragma once

#include <string_view>

#include "lab/iam/call.hpp"
#include "lab/iam/simulated_policies.hpp"

namespace keytide::lab::iam {

struct PolicySource {
    const User* user = nullptr;  // one of the three
    const Group* group = nullptr;
    const Role* role = nullptr;

    const ManagedPolicy* boundary() const;
    void add_policies_to(SimulatedPolicies& policies) const;
};

// InvalidInput for what names no such thing, NoSuchEntity for one that is not there.
Outcome<PolicySource> find_policy_source(const Call& call, std::string_view arn);

// Of a policy that names a principal.
iam_policy::Principal principal_of(const Call& call, const PolicySource& source);

}  // namespace keytide::lab::iam
