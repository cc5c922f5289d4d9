// Passwords of the console: which ones IAM takes, and what stands in for them.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_passwords_account-policy.html
//
// Nobody signs in to a console here, so a password need not be known; it is only compared, when its owner
// changes it. So nothing but the door ever sees one (concealed_passwords.hpp): behind it there is a stand-in,
// which is itself a password, follows from the other by a slow hash, and breaks the same rules where the
// other does.
#pragma once

#include <string>
#include <string_view>

#include "lab/service_error.hpp"

namespace keytide::lab {

// ValidationError for what no password can be, PasswordPolicyViolation for what the policy of an account that
// has set none forbids: less than eight characters, or less than three of the four kinds.
Outcome<void> check_password(std::string_view member, std::string_view password);

// The same for the same password and the same salt, and for nothing else: Argon2id (RFC 9106).
std::string stand_in_for(std::string_view password, std::string_view salt);

}  // namespace keytide::lab
