// GetAccountSummary: how much of everything there is, and how much there may be.
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccountSummary.html
#pragma once

#include "lab/iam/call.hpp"

namespace keytide::lab::iam {

ActionResult get_account_summary(const Call& call);

}  // namespace keytide::lab::iam
