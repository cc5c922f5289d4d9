// Text that came from outside (AWS's messages, paths, names), made fit to stand in a line of ours.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace keytide {

// The length of the well-formed UTF-8 sequence at the front, 0 when there is none.
// https://www.rfc-editor.org/rfc/rfc3629#section-4
std::size_t utf8_length(std::string_view text);

// Each byte that is not part of UTF-8 becomes U+FFFD.
std::string as_utf8(std::string_view text);

// As UTF-8, and with every control character (C0, DEL, C1) written out as \x1b: nobody outside starts a line
// of ours, or moves the cursor. https://www.unicode.org/charts/PDF/U0080.pdf
std::string printable(std::string_view text);

}  // namespace keytide
