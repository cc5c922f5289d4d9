#include "vocabulary/printable.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace keytide {
namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";  // U+FFFD

// C1, U+0080 to U+009F, are two bytes in UTF-8, of which the second has the number.
bool is_control(std::string_view character) {
    const auto last = static_cast<unsigned char>(character.back());
    if (character.size() == 1) return last < 0x20 || last == 0x7f;
    return character.size() == 2 && character.front() == '\xC2' && last < 0xa0;
}

// Calls add(character) for each character, with U+FFFD for what is none.
template <class Add>
void for_each_character(std::string_view text, Add add) {
    while (!text.empty()) {
        const auto length = utf8_length(text);
        add(length == 0 ? replacement : text.substr(0, length));
        text.remove_prefix(std::max<std::size_t>(length, 1));
    }
}

}  // namespace

std::size_t utf8_length(std::string_view text) {
    const auto byte = [&](std::size_t i) {
        return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u;
    };
    const auto rest = [&](std::size_t from, std::size_t to) {
        for (; from < to; ++from)
            if ((byte(from) & 0xc0) != 0x80) return false;
        return true;
    };
    if (text.empty()) return 0;
    const auto a = byte(0), b = byte(1);
    if (a < 0x80) return 1;
    if (a >= 0xc2 && a <= 0xdf) return rest(1, 2) ? 2 : 0;
    if (a >= 0xe0 && a <= 0xef) {
        const bool overlong = a == 0xe0 && b < 0xa0, surrogate = a == 0xed && b > 0x9f;
        return !overlong && !surrogate && rest(1, 3) ? 3 : 0;
    }
    if (a >= 0xf0 && a <= 0xf4) {
        const bool overlong = a == 0xf0 && b < 0x90, beyond = a == 0xf4 && b > 0x8f;
        return !overlong && !beyond && rest(1, 4) ? 4 : 0;
    }
    return 0;
}

std::string as_utf8(std::string_view text) {
    std::string result;
    for_each_character(text, [&](std::string_view character) { result += character; });
    return result;
}

std::string printable(std::string_view text) {
    std::string result;
    for_each_character(text, [&](std::string_view character) {
        if (is_control(character))
            result += fmt::format("\\x{:02x}", static_cast<unsigned char>(character.back()));
        else
            result += character;
    });
    return result;
}

}  // namespace keytide
