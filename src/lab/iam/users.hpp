// CreateUser, GetUser, ListUsers, UpdateUser, DeleteUser.
#pragma once

#include "lab/iam/call.hpp"

namespace keytide::lab::iam {

ActionResult create_user(const Call& call);
ActionResult get_user(const Call& call);
ActionResult list_users(const Call& call);
ActionResult update_user(const Call& call);
ActionResult delete_user(const Call& call);

}  // namespace keytide::lab::iam
