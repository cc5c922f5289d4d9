#include "cli/json_text.hpp"

#include <fmt/format.h>

namespace keytide::cli {

std::string without_controls(const std::string& json) {
    std::string result;
    for (std::size_t i = 0; i < json.size(); ++i) {
        const auto next = i + 1 < json.size() ? static_cast<unsigned char>(json[i + 1]) : 0u;
        if (json[i] == '\x7f')
            result += "\\u007f";
        else if (json[i] == '\xC2' && next < 0xa0)
            result += fmt::format("\\u{:04x}", next), ++i;
        else
            result += json[i];
    }
    return result;
}

}  // namespace keytide::cli
