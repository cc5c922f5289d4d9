#include "credentials/ini_lines.hpp"

#include <fmt/format.h>

#include <cstdint>

namespace keytide::credentials {
namespace {

struct Character {
    std::uint32_t code = 0;
    std::size_t bytes = 0;  // 0: not UTF-8
};

// https://www.rfc-editor.org/rfc/rfc3629#section-4
Character first_character(std::string_view text) {
    const auto byte = [&](std::size_t i) { return std::uint32_t(static_cast<unsigned char>(text[i])); };
    const auto lead = byte(0);
    if (lead < 0x80) return {lead, 1};
    const std::size_t length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
    if (lead < 0xc2 || lead > 0xf4 || text.size() < length) return {};
    std::uint32_t code = lead & (0xff >> (length + 1));
    for (std::size_t i = 1; i < length; ++i) {
        if ((byte(i) & 0xc0) != 0x80) return {};
        code = code << 6 | (byte(i) & 0x3f);
    }
    const bool overlong = (length == 3 && code < 0x800) || (length == 4 && code < 0x10000);
    const bool surrogate = code >= 0xd800 && code <= 0xdfff;
    if (overlong || surrogate || code > 0x10ffff) return {};
    return {code, length};
}

// What Python's str.isspace() says.
bool is_space(std::uint32_t c) {
    return (c >= 0x09 && c <= 0x0d) || (c >= 0x1c && c <= 0x20) || c == 0x85 || c == 0xa0 || c == 0x1680 ||
           (c >= 0x2000 && c <= 0x200a) || c == 0x2028 || c == 0x2029 || c == 0x202f || c == 0x205f ||
           c == 0x3000;
}

struct Trimmed {
    std::size_t begin, end, indent;
};

// `text` is UTF-8.
Trimmed trim(std::string_view text) {
    Trimmed result{text.size(), text.size(), 0};
    bool seen = false;
    std::size_t spaces = 0;
    for (std::size_t i = 0; i < text.size();) {
        const auto c = first_character(text.substr(i));
        const auto step = c.bytes == 0 ? 1 : c.bytes;
        if (!is_space(c.code) || c.bytes == 0) {
            if (!seen) result.begin = i, result.indent = spaces;
            seen = true;
            result.end = i + step;
        }
        ++spaces;
        i += step;
    }
    if (!seen) result.indent = spaces;
    return result;
}

}  // namespace

std::string_view trim_ini(std::string_view text) {
    const auto [begin, end, indent] = trim(text);
    return text.substr(begin, end - begin);
}

Result<std::vector<IniLine>> split_ini_lines(std::string_view text, const std::string& where) {
    if (text.starts_with("\xef\xbb\xbf"))
        return usage_error(where + " starts with a byte order mark, which the AWS CLI does not read",
                           "save it as UTF-8 without a byte order mark (BOM)");
    std::vector<IniLine> lines;
    for (std::size_t begin = 0; begin < text.size();) {
        auto ending = text.find_first_of("\r\n", begin);
        if (ending == std::string_view::npos) ending = text.size();
        auto end = ending;
        if (end < text.size()) end += text.substr(end).starts_with("\r\n") ? 2 : 1;

        const auto line = text.substr(begin, ending - begin);
        for (std::size_t i = 0; i < line.size();) {
            const auto c = first_character(line.substr(i));
            if (c.bytes == 0)
                return usage_error(fmt::format("{} line {} is not UTF-8", where, lines.size() + 1),
                                   "save the file as UTF-8; the AWS CLI refuses all of it as it is");
            if (c.code == 0)
                return usage_error(fmt::format("{} line {} holds a NUL byte", where, lines.size() + 1),
                                   "a write to the file was cut short; restore it from a copy");
            i += c.bytes;
        }
        const auto inner = trim(line);
        lines.push_back(
            {lines.size() + 1, begin, end, ending, begin + inner.begin, begin + inner.end, inner.indent});
        begin = end;
    }
    return lines;
}

}  // namespace keytide::credentials
