// A command of the person's own that prints something secret, such as a password manager's.
//
// It is started as it is written, without a shell: words are parted by spaces and held together by quotes and
// backslashes, and nothing else has a meaning. Only its standard output is taken; its standard error is ours,
// and its standard input is empty.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "vocabulary/error.hpp"
#include "vocabulary/instant.hpp"
#include "vocabulary/wiped_string.hpp"

namespace keytide::cli {

// "pass show 'my keys/keytide'" → pass, show, my keys/keytide
Result<std::vector<std::string>> words_of(std::string_view command);

// At most 4 KiB. An error unless the command ends with 0 in time; what it printed is in no message.
// `interrupted` is asked ten times a second and may be empty.
Result<WipedString> output_of(std::string_view command, Duration timeout,
                              const std::function<bool()>& interrupted = {});

}  // namespace keytide::cli
