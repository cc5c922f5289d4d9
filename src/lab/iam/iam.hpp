// Identity and Access Management: users, groups, roles, their policies, keys and devices.
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_Operations.html
#pragma once

#include "lab/account.hpp"
#include "lab/caller.hpp"
#include "lab/parameters.hpp"
#include "lab/query_protocol.hpp"
#include "vocabulary/instant.hpp"

namespace keytide::lab::iam {

// One authenticated request: authorises, validates, acts.
ActionResult serve(Account& account, const Caller& caller, const Parameters& parameters, Instant now);

}  // namespace keytide::lab::iam
