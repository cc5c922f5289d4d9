// Organizations, as far as auditors ask it: the accounts of the lab, where there are several, are one
// organization, and the first one manages it.
// https://docs.aws.amazon.com/organizations/latest/APIReference/API_ListAccounts.html
#pragma once

#include <string_view>

#include "lab/caller.hpp"
#include "lab/json_protocol.hpp"
#include "lab/state/partition.hpp"

namespace keytide::lab::organizations {

// One authenticated request: authorises, validates, acts. `management`: the account that manages.
JsonResult serve(Partition& partition, const AccountId& management, const Caller& caller,
                 std::string_view action, std::string_view body);

}  // namespace keytide::lab::organizations
