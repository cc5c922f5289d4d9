// Base64 (RFC 4648 section 4), by libsodium, in memory that is wiped.
#pragma once

#include <optional>
#include <string_view>

#include "vocabulary/wiped_string.hpp"

namespace keytide::destinations {

WipedString to_base64(std::string_view bytes);
std::optional<WipedString> from_base64(std::string_view text);  // line breaks and spaces are let pass

}  // namespace keytide::destinations
