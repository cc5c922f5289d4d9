// What another account holds, taken over into one of the lab: users with their tags, groups, and policies in
// the version in force. The new ones have unique ids of their own.
#pragma once

#include "lab/account.hpp"
#include "lab/service_error.hpp"
#include "vocabulary/authorization_details.hpp"

namespace keytide::lab {

// An error that names what could not be taken over, which is half done then.
Outcome<void> adopt(Account& account, const AuthorizationDetails& details, Instant now);

}  // namespace keytide::lab
