#include "lab/cloudformation/allowed_pattern.hpp"

#include <fmt/format.h>

#include <boost/regex.hpp>

namespace keytide::lab::cloudformation {

Outcome<bool> matches_pattern(const std::string& pattern, const std::string& text) {
    try {
        return boost::regex_match(text, boost::regex(pattern));
    } catch (const std::runtime_error&) {  // Boost counts its steps, and stops
        return refuse(
            "ValidationError",
            fmt::format("Template format error: the AllowedPattern {} is not a regular expression, or "
                        "takes too long",
                        pattern),
            400);
    }
}

}  // namespace keytide::lab::cloudformation
