// The two functions that Signature Version 4 is made of, and a comparison that tells an attacker nothing.
// OpenSSL computes; an OpenSSL that cannot (out of memory, no SHA-256) ends the program, since no answer here
// may be a guess.
#pragma once

#include <array>
#include <string>
#include <string_view>

namespace keytide::signature {

using Digest = std::array<unsigned char, 32>;

Digest sha256(std::string_view bytes);                            // FIPS 180-4
Digest hmac_sha256(std::string_view key, std::string_view text);  // RFC 2104
std::string to_hex(const Digest& digest);                         // lower case
std::string sha256_hex(std::string_view bytes);

// Takes time that depends on the lengths only.
bool equal_in_constant_time(std::string_view a, std::string_view b);

}  // namespace keytide::signature
