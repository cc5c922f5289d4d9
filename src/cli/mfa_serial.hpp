// Which MFA device is asked for a code.
#pragma once

#include <optional>
#include <string>

#include "credentials/key_source.hpp"

namespace keytide::cli {

// The device of whoever signs: as `named` by --serial-number, or of the profile that the key comes from;
// empty for none. https://docs.aws.amazon.com/STS/latest/APIReference/API_GetSessionToken.html
Result<std::string> mfa_serial_for(const std::optional<std::string>& named,
                                   const credentials::Settings& settings,
                                   const credentials::KeySource& source);

}  // namespace keytide::cli
