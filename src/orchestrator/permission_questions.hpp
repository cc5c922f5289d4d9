// What AWS allows, asked without changing anything.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "orchestrator/doors.hpp"

namespace keytide::orchestrator {

// No key has this id: the digit 0 is not in the alphabet of key ids (RFC 4648 base32). What is asked of it
// answers NoSuchEntity to those who may, and AccessDenied to those who may not.
const AccessKeyId& impossible_key();

// Whether the signer may do this to the user. Nothing: no answer tells it, or it cannot be asked without
// changing something (iam:CreateAccessKey). `action` is one of rotation::permissions(); `key` is one of the
// user's, where one is known.
std::optional<bool> is_allowed(Doors& doors, const AccessKey& signer, const std::string& user_name,
                               const std::optional<AccessKeyId>& key, std::string_view action);

}  // namespace keytide::orchestrator
