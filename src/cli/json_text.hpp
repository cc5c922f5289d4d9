// JSON as it may be shown: no byte of it moves a cursor.
#pragma once

#include <string>

namespace keytide::cli {

// The control characters that JSON lets through (DEL and C1), and a terminal obeys, are written as escapes.
// They stand in texts only.
std::string without_controls(const std::string& json);

}  // namespace keytide::cli
