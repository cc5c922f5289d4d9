// SimulateCustomPolicy, SimulatePrincipalPolicy, and what they want to know:
// GetContextKeysForCustomPolicy, GetContextKeysForPrincipalPolicy.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_testing-policies.html
#pragma once

#include "lab/iam/call.hpp"

namespace keytide::lab::iam {

ActionResult simulate_custom_policy(const Call& call);
ActionResult simulate_principal_policy(const Call& call);
ActionResult get_context_keys_for_custom_policy(const Call& call);
ActionResult get_context_keys_for_principal_policy(const Call& call);

}  // namespace keytide::lab::iam
