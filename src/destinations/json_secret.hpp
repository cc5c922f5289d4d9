// A key in a JSON object of one secret: two of its members, whose names are given, at the top level.
//
// Every other byte of the text stays what it was: numbers keep their digits and members their order, whoever
// wrote them. A member that comes twice means two things to two readers, and is refused.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "vocabulary/access_key.hpp"
#include "vocabulary/error.hpp"
#include "vocabulary/wiped_string.hpp"

namespace keytide::destinations {

struct JsonNames {
    std::string id, secret;
};

// Nothing when neither member is there or both are empty; an empty text is an empty object. Errors are of
// kind usage, name `where` and show no value.
Result<std::optional<AccessKey>> key_in_json(std::string_view text, const JsonNames& names,
                                             const std::string& where);

// The text with `key` in place of what is held. Refuses a session token beside it.
Result<WipedString> json_with_key(std::string_view text, const JsonNames& names, const AccessKey& key,
                                  const std::string& where);

}  // namespace keytide::destinations
