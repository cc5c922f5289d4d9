// CreateRole, GetRole, ListRoles, UpdateRole, UpdateRoleDescription, UpdateAssumeRolePolicy, DeleteRole.
#pragma once

#include "lab/iam/call.hpp"

namespace keytide::lab::iam {

ActionResult create_role(const Call& call);
ActionResult get_role(const Call& call);
ActionResult list_roles(const Call& call);
ActionResult update_role(const Call& call);
ActionResult update_role_description(const Call& call);
ActionResult update_assume_role_policy(const Call& call);
ActionResult delete_role(const Call& call);

}  // namespace keytide::lab::iam
