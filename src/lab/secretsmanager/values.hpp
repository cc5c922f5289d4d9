// The values of secrets: what is read, what is put, and which version is meant.
#pragma once

#include "lab/secretsmanager/call.hpp"

namespace keytide::lab::secretsmanager {

JsonResult get_secret_value(const Call& call);
JsonResult put_secret_value(const Call& call);
JsonResult update_secret_version_stage(const Call& call);
JsonResult list_secret_version_ids(const Call& call);

// SecretString or SecretBinary; neither is a value without either. InvalidParameterException for both, and
// for what is not base64.
Outcome<SecretValue> value_in(JsonInput& input);
bool is_there(const SecretValue& value);

// The ClientRequestToken, which becomes the version's id. InvalidRequestException without one.
Outcome<std::string> token_in(JsonInput& input);

}  // namespace keytide::lab::secretsmanager
