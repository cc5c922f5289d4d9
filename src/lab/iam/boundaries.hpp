// PutUserPermissionsBoundary, DeleteUserPermissionsBoundary, and the same for roles.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
#pragma once

#include "lab/iam/call.hpp"

namespace keytide::lab::iam {

ActionResult put_user_permissions_boundary(const Call& call);
ActionResult delete_user_permissions_boundary(const Call& call);
ActionResult put_role_permissions_boundary(const Call& call);
ActionResult delete_role_permissions_boundary(const Call& call);

}  // namespace keytide::lab::iam
