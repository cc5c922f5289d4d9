// A text as JSON has it, in quotes (RFC 8259 section 7), in memory that is wiped when it is freed.
#pragma once

#include <string_view>

#include "vocabulary/wiped_string.hpp"

namespace keytide {

WipedString json_text(std::string_view text);

}  // namespace keytide
