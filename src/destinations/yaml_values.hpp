// One text value in a YAML document, found and replaced without touching any other byte.
//
// yaml-cpp tells where a value begins; where it ends is found here, for values on one line. The text that
// comes out is then read again and held against the old one: where anything but the value reads differently,
// it is refused. Places are JSON pointers (RFC 6901). yaml-cpp's own memory is not wiped.
#pragma once

#include <string>
#include <string_view>

#include "vocabulary/error.hpp"
#include "vocabulary/wiped_string.hpp"

namespace keytide::destinations {

// An empty text for null. Errors are of kind usage, name `where` and the pointer, and never show a value.
Result<WipedString> value_in_yaml(std::string_view text, std::string_view pointer, const std::string& where);

Result<WipedString> yaml_with_value(std::string_view text, std::string_view pointer, std::string_view value,
                                    const std::string& where);

}  // namespace keytide::destinations
