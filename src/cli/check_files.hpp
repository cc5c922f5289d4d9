// The AWS CLI's files, as far as a rotation writes and protects them.
#pragma once

#include "cli/check.hpp"
#include "credentials/environment.hpp"
#include "credentials/key_source.hpp"

namespace keytide::cli {

// Each file by itself, so that one which cannot be read does not hide the other.
Checks check_files(const credentials::Environment& environment);

// Other places of this key: what is not given the new one breaks. `home` is where it was found; null when
// another principal signs.
Check check_other_places(const AccessKeyId& key, const credentials::KeySource* home,
                         const credentials::ProfileFiles& files, const credentials::Environment& environment);

}  // namespace keytide::cli
