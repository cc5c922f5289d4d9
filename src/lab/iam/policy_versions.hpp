// CreatePolicyVersion, GetPolicyVersion, ListPolicyVersions, DeletePolicyVersion, SetDefaultPolicyVersion.
#pragma once

#include "lab/iam/call.hpp"

namespace keytide::lab::iam {

// Authorised on the policy that PolicyArn names, which is there.
Outcome<const ManagedPolicy*> admit_policy(const Call& call, std::string_view action);
// And it is the account's own, so that it may be changed. What AWS manages belongs to AWS, so that
// permissions of this account do not reach it.
Outcome<ManagedPolicy*> admit_own_policy(const Call& call, std::string_view action);

// The same, for who was authorised before.
Outcome<ManagedPolicy*> own_policy(const Call& call, std::string_view action);

ActionResult create_policy_version(const Call& call);
ActionResult get_policy_version(const Call& call);
ActionResult list_policy_versions(const Call& call);
ActionResult delete_policy_version(const Call& call);
ActionResult set_default_policy_version(const Call& call);

}  // namespace keytide::lab::iam
