// One-time codes that change every thirty seconds: TOTP (RFC 6238) over HOTP (RFC 4226), six digits,
// HMAC-SHA-1, which is what the apps compute that people use as virtual MFA devices.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_mfa_enable_virtual.html
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "vocabulary/instant.hpp"
#include "vocabulary/secret.hpp"

namespace keytide::lab {

std::uint64_t totp_step(Instant t);  // the number of the thirty seconds that t lies in
std::string totp_code(const Secret& seed, std::uint64_t step);

}  // namespace keytide::lab
