// GenerateCredentialReport, GetCredentialReport: a CSV (RFC 4180) with a row for the root user and one for
// each user. https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_getting-report.html
#pragma once

#include <string>

#include "lab/iam/call.hpp"

namespace keytide::lab::iam {

ActionResult generate_credential_report(const Call& call);
ActionResult get_credential_report(const Call& call);

// As it is now. Last uses are those that were heard of so long ago.
std::string credential_report_of(const Account& account, Instant now, Duration last_used_delay);

}  // namespace keytide::lab::iam
