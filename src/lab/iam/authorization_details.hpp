// GetAccountAuthorizationDetails: all users, groups, roles and policies with what they hold, page by page. A
// page costs what is on it, however much lies before it.
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccountAuthorizationDetails.html
#pragma once

#include "lab/iam/call.hpp"

namespace keytide::lab::iam {

ActionResult get_account_authorization_details(const Call& call);

}  // namespace keytide::lab::iam
