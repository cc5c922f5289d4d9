// Secrets as a whole: made, changed, described, deleted, brought back, tagged.
#pragma once

#include "lab/secretsmanager/call.hpp"

namespace keytide::lab::secretsmanager {

JsonResult create_secret(const Call& call);
JsonResult update_secret(const Call& call);
JsonResult describe_secret(const Call& call);
JsonResult list_secrets(const Call& call);
JsonResult delete_secret(const Call& call);
JsonResult restore_secret(const Call& call);
JsonResult tag_resource(const Call& call);
JsonResult untag_resource(const Call& call);

}  // namespace keytide::lab::secretsmanager
