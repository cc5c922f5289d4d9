// CreateLoginProfile, GetLoginProfile, UpdateLoginProfile, DeleteLoginProfile, ChangePassword.
//
// The passwords that come here are stand-ins (state/passwords.hpp).
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_passwords_admin-change-user.html
#pragma once

#include "lab/iam/call.hpp"

namespace keytide::lab::iam {

ActionResult create_login_profile(const Call& call);
ActionResult get_login_profile(const Call& call);
ActionResult update_login_profile(const Call& call);
ActionResult delete_login_profile(const Call& call);
ActionResult change_password(const Call& call);

}  // namespace keytide::lab::iam
