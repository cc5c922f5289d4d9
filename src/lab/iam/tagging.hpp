// Tag…, Untag… and List…Tags of users, roles and managed policies.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_tags.html
#pragma once

#include "lab/iam/call.hpp"

namespace keytide::lab::iam {

ActionResult tag_user(const Call& call);
ActionResult untag_user(const Call& call);
ActionResult list_user_tags(const Call& call);
ActionResult tag_role(const Call& call);
ActionResult untag_role(const Call& call);
ActionResult list_role_tags(const Call& call);
ActionResult tag_policy(const Call& call);
ActionResult untag_policy(const Call& call);
ActionResult list_policy_tags(const Call& call);

}  // namespace keytide::lab::iam
