// What stands between this machine and a rotation at AWS: the way there, the clock, whose key it is, and what
// is allowed.
#pragma once

#include "cli/check.hpp"
#include "cli/session.hpp"

namespace keytide::cli {

Checks check_aws(const Doctor& asked, Session& session);

}  // namespace keytide::cli
