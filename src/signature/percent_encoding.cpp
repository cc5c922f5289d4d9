#include "signature/percent_encoding.hpp"

namespace keytide::signature {
namespace {

bool is_unreserved(char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.' || c == '~';
}

int hex_value(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return -1;
}

}  // namespace

void append_encoded(std::string& to, std::string_view bytes, Slash slash) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    for (const char c : bytes) {
        if (is_unreserved(c) || (c == '/' && slash == Slash::kept)) {
            to += c;
        } else {
            const auto byte = static_cast<unsigned char>(c);
            to += {'%', digits[byte >> 4], digits[byte & 15]};
        }
    }
}

std::string percent_decoded(std::string_view text) {
    std::string bytes;
    bytes.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '%' && i + 2 < text.size() && hex_value(text[i + 1]) >= 0 &&
            hex_value(text[i + 2]) >= 0) {
            bytes += static_cast<char>(hex_value(text[i + 1]) << 4 | hex_value(text[i + 2]));
            i += 2;
        } else {
            bytes += text[i];
        }
    }
    return bytes;
}

}  // namespace keytide::signature
