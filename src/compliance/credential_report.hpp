// IAM's credential report: a CSV file with a line for each user of an account, and one for root.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_getting-report.html
//
// Columns are found by their names, for AWS adds to them. There are no key ids in it; and of a key that is
// not active it tells, by its documentation, nothing at all. In fact it tells when such a key was made, and
// that is how we know of it here.
#pragma once

#include <string_view>

#include "compliance/account.hpp"
#include "vocabulary/error.hpp"

namespace keytide::compliance {

// An error: it is no such report, or says what cannot be understood.
Result<Account> read_credential_report(std::string_view csv);

}  // namespace keytide::compliance
