// CreatePolicy, GetPolicy, ListPolicies, DeletePolicy, ListEntitiesForPolicy.
#pragma once

#include "lab/iam/call.hpp"

namespace keytide::lab::iam {

ActionResult create_managed_policy(const Call& call);
ActionResult get_managed_policy(const Call& call);
ActionResult list_managed_policies(const Call& call);
ActionResult delete_managed_policy(const Call& call);
ActionResult list_entities_for_policy(const Call& call);

}  // namespace keytide::lab::iam
