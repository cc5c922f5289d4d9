// One text value in a JSON document, found and replaced without touching any other byte: comments apart,
// which JSON has none of, people keep their order, indentation and line endings.
//
// Boost.JSON says whether the text is JSON at all; where a value lies, no parser of ours tells, so that is
// found here. Places are JSON pointers (RFC 6901).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "vocabulary/error.hpp"
#include "vocabulary/wiped_string.hpp"

namespace keytide::destinations {

// An empty text for null. Errors are of kind usage, name `where` and the pointer, and never show a value: no
// JSON, a member that is missing or comes twice, a value that is no text.
Result<WipedString> value_in_json(std::string_view text, std::string_view pointer, const std::string& where);

Result<WipedString> json_with_value(std::string_view text, std::string_view pointer, std::string_view value,
                                    const std::string& where);

// The bytes of any value; nothing where there is no such member.
Result<std::optional<std::string_view>> token_in_json(std::string_view text, std::string_view pointer,
                                                      const std::string& where);

// A text; nothing where there is no such member. What a service answers with has members that may be missing.
Result<std::optional<WipedString>> optional_in_json(std::string_view text, std::string_view pointer,
                                                    const std::string& where);

// The object with this member, in place of the one of that name or behind the last.
Result<WipedString> json_with_member(std::string_view object, std::string_view name, std::string_view value,
                                     const std::string& where);

}  // namespace keytide::destinations
