// CreateAccessKey, ListAccessKeys, UpdateAccessKey, DeleteAccessKey, GetAccessKeyLastUsed.
#pragma once

#include "lab/iam/call.hpp"

namespace keytide::lab::iam {

ActionResult create_access_key(const Call& call);
ActionResult list_access_keys(const Call& call);
ActionResult update_access_key(const Call& call);
ActionResult delete_access_key(const Call& call);
ActionResult get_access_key_last_used(const Call& call);

}  // namespace keytide::lab::iam
