// Reads the answer to GetAccountAuthorizationDetails. Documents come percent-encoded, as in all of IAM.
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccountAuthorizationDetails.html
#pragma once

#include <optional>

#include "vocabulary/authorization_details.hpp"

namespace pugi {
class xml_node;
}

namespace keytide::aws {

// Nothing when something is not what it should be: half a policy would be another one.
std::optional<AuthorizationDetails> read_authorization_details(pugi::xml_node result);

}  // namespace keytide::aws
