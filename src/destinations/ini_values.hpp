// One value in an INI file, found and replaced without touching any other byte: the editor of AWS's files
// (src/credentials/ini_document.hpp), which is stricter than other readers of such files. The pointer is
// /SECTION/KEY.
#pragma once

#include <string>
#include <string_view>

#include "vocabulary/error.hpp"
#include "vocabulary/wiped_string.hpp"

namespace keytide::destinations {

// Empty where the section has no such key yet.
Result<WipedString> value_in_ini(std::string_view text, std::string_view pointer, const std::string& where);

Result<WipedString> ini_with_value(std::string_view text, std::string_view pointer, std::string_view value,
                                   const std::string& where);

}  // namespace keytide::destinations
