// --set NAME=VALUE: the protocol's numbers by name (docs/configuration.md).
#pragma once

#include <string_view>

#include "rotation/request.hpp"

namespace keytide::cli {

Result<void> set_number(rotation::Numbers& numbers, std::string_view assignment);

// Numbers with which no rotation could ever end, or that AWS does not know of. What is on loopback is a lab,
// and may have been told to take signatures for a shorter time.
Result<void> check_numbers(const rotation::Numbers& numbers, bool on_loopback);

}  // namespace keytide::cli
