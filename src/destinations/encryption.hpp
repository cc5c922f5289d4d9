// Encrypts a text to somebody by the programs age or gpg; the text goes by their standard input.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "vocabulary/error.hpp"

namespace keytide::destinations {

bool is_for_age(std::string_view recipient);  // otherwise GPG's

// Armored.
Result<std::string> encrypted(std::string_view text, const std::string& recipient,
                              const std::function<bool()>& interrupted);

}  // namespace keytide::destinations
