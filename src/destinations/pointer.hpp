// JSON pointers (RFC 6901), for all formats of the destination file: "/database/access~1key" names the member
// "access/key" of "database".
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "vocabulary/error.hpp"

namespace keytide::destinations {

// At least one name. An error of kind usage when it does not begin with a slash or has a ~ that is no escape.
Result<std::vector<std::string>> names_in_pointer(std::string_view pointer);

// "/NAME", with what has a meaning in NAME written as it must be.
std::string pointer_to(std::string_view name);

}  // namespace keytide::destinations
