// Identity and Access Management: users, groups, roles, their policies, keys and devices.
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_Operations.html
#pragma once

#include "lab/account.hpp"
#include "lab/caller.hpp"
#include "lab/misbehaviour/delays.hpp"
#include "lab/parameters.hpp"
#include "lab/query_protocol.hpp"
#include "vocabulary/instant.hpp"

namespace keytide::lab::iam {

// One authenticated request: authorises, validates, acts. `replica`: the one of IAM's that answers it.
ActionResult serve(Account& account, const Caller& caller, const Parameters& parameters, Instant now,
                   const misbehaviour::Delays& replica = {});

}  // namespace keytide::lab::iam
