// PutUserPolicy, GetUserPolicy, ListUserPolicies, DeleteUserPolicy.
#pragma once

#include "lab/iam/call.hpp"

namespace keytide::lab::iam {

ActionResult put_user_policy(const Call& call);
ActionResult get_user_policy(const Call& call);
ActionResult list_user_policies(const Call& call);
ActionResult delete_user_policy(const Call& call);

}  // namespace keytide::lab::iam
