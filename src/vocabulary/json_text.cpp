#include "vocabulary/json_text.hpp"

namespace keytide {

WipedString json_text(std::string_view text) {
    constexpr std::string_view digits = "0123456789abcdef";
    WipedString result;
    result.reserve(text.size() + 32);
    result += '"';
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            result += '\\';
            result += c;
        } else if (byte < 0x20) {
            result += "\\u00";
            result += digits[byte >> 4];
            result += digits[byte & 15];
        } else {
            result += c;
        }
    }
    return result += '"';
}

}  // namespace keytide
