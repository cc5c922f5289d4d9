// Base64 (RFC 4648), as the protocols write bytes.
#pragma once

#include <string>
#include <string_view>

namespace keytide::lab {

std::string to_base64(std::string_view bytes);

}  // namespace keytide::lab
