// CreateGroup, GetGroup, ListGroups, UpdateGroup, DeleteGroup, and who is in which: AddUserToGroup,
// RemoveUserFromGroup, ListGroupsForUser.
#pragma once

#include "lab/iam/call.hpp"

namespace keytide::lab::iam {

ActionResult create_group(const Call& call);
ActionResult get_group(const Call& call);
ActionResult list_groups(const Call& call);
ActionResult update_group(const Call& call);
ActionResult delete_group(const Call& call);
ActionResult add_user_to_group(const Call& call);
ActionResult remove_user_from_group(const Call& call);
ActionResult list_groups_for_user(const Call& call);

}  // namespace keytide::lab::iam
