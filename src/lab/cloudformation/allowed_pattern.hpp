// AllowedPattern: a regular expression of whoever wrote the template, on a text of whoever deploys it.
//
// Both may be hostile: an expression that would take for ever on this text is refused.
#pragma once

#include <string>

#include "lab/service_error.hpp"

namespace keytide::lab::cloudformation {

// Whether the whole of `text` matches. ValidationError for what is no regular expression, or too costly.
Outcome<bool> matches_pattern(const std::string& pattern, const std::string& text);

}  // namespace keytide::lab::cloudformation
