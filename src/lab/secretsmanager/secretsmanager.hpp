// Secrets Manager: secrets, their versions and the staging labels of these.
// https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_Operations.html
#pragma once

#include <string_view>

#include "lab/account.hpp"
#include "lab/caller.hpp"
#include "lab/json_protocol.hpp"
#include "vocabulary/instant.hpp"

namespace keytide::lab::secretsmanager {

// One authenticated request: authorises, validates, acts.
JsonResult serve(Account& account, const Caller& caller, std::string_view action, std::string_view body,
                 Instant now);

}  // namespace keytide::lab::secretsmanager
