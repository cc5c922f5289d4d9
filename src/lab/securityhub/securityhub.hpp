// Security Hub, of which the lab takes findings and hands them out again. It is enabled in every account.
// https://docs.aws.amazon.com/securityhub/1.0/APIReference/API_BatchImportFindings.html
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "lab/account.hpp"
#include "lab/caller.hpp"
#include "lab/json_protocol.hpp"
#include "lab/securityhub/findings.hpp"

namespace keytide::lab::securityhub {

using FindingsOfRegions = std::map<std::string, Findings>;

// One authenticated request: authorises, validates, acts.
JsonResult serve(const Account& account, FindingsOfRegions& findings, const Caller& caller,
                 std::string_view action, std::string_view body);

}  // namespace keytide::lab::securityhub
