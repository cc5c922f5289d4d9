// What AWS draws by lot: key ids, secrets, unique ids, request ids.
#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "vocabulary/access_key.hpp"
#include "vocabulary/identity.hpp"

namespace keytide::lab {

using Randomness = std::function<void(std::span<std::byte>)>;  // fills; unpredictable outside of tests

// AKIA and sixteen characters that carry the account number, as AccessKeyId::account() reads it.
// Fails only on an account that is not twelve digits.
// ASIA for those of sessions.
AccessKeyId draw_access_key_id(const Randomness& randomness, const AccountId& account,
                               std::string_view prefix = "AKIA");

// Forty characters of A-Z a-z 0-9 + /.
Secret draw_secret(const Randomness& randomness);

// A prefix (AIDA for users) and seventeen characters of A-Z 2-7.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html
std::string draw_unique_id(const Randomness& randomness, std::string_view prefix);

std::string draw_uuid(const Randomness& randomness);  // version 4, lower case

// `count` characters out of 0-9 A-Z.
std::string draw_letters(const Randomness& randomness, std::size_t count);

}  // namespace keytide::lab
