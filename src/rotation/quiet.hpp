// Whether last-used data proves that nobody but us uses OLD any more, and that somebody uses NEW.
//
// AWS records uses in steps of about 15 minutes, shows them late, and counts our own calls. So OLD is quiet
// when its last recorded use, taken at its latest, is older than the quiet time and the lag together; and NEW
// is in use by others when it was used at a service that we do not call, or after our own last call.
// No record proves nothing.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_getting-report.html
#pragma once

#include "rotation/record.hpp"

namespace keytide::rotation {

bool is_quiet(const Rotation& rotation, const LastUseSeen& seen);
std::string why_not_quiet(const Rotation& rotation);  // in words, from what was seen last

}  // namespace keytide::rotation
