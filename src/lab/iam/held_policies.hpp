// What users, groups and roles have in common: inline policies (Put, Get, List, Delete) and attached managed
// ones (Attach, Detach, ListAttached).
#pragma once

#include "lab/iam/call.hpp"

namespace keytide::lab::iam {

ActionResult put_policy(const Call& call, Holder holder);
ActionResult get_policy(const Call& call, Holder holder);
ActionResult list_policies(const Call& call, Holder holder);
ActionResult delete_policy(const Call& call, Holder holder);
ActionResult attach_policy(const Call& call, Holder holder);
ActionResult detach_policy(const Call& call, Holder holder);
ActionResult list_attached_policies(const Call& call, Holder holder);

}  // namespace keytide::lab::iam
