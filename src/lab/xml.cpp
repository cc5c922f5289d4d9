#include "lab/xml.hpp"

#include <algorithm>
#include <cstdint>

namespace keytide::lab {
namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";  // U+FFFD

// The length of the well-formed UTF-8 sequence at the start of `text`; 0 when there is none (RFC 3629).
std::size_t utf8_length(std::string_view text) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const auto continues = [&](std::size_t i) { return i < text.size() && (byte(i) & 0xC0) == 0x80; };
    const auto first = byte(0);
    if (first < 0x80) return 1;
    if (first >= 0xC2 && first <= 0xDF) return continues(1) ? 2 : 0;
    if (first >= 0xE0 && first <= 0xEF) {
        if (!continues(1) || !continues(2)) return 0;
        if (first == 0xE0 && byte(1) < 0xA0) return 0;                      // overlong
        if (first == 0xED && byte(1) > 0x9F) return 0;                      // surrogates
        if (first == 0xEF && byte(1) == 0xBF && byte(2) >= 0xBE) return 0;  // U+FFFE, U+FFFF
        return 3;
    }
    if (first >= 0xF0 && first <= 0xF4) {
        if (!continues(1) || !continues(2) || !continues(3)) return 0;
        if (first == 0xF0 && byte(1) < 0x90) return 0;
        if (first == 0xF4 && byte(1) > 0x8F) return 0;
        return 4;
    }
    return 0;
}

// Stands for itself.
bool is_plain(char c) {
    return c >= ' ' && c <= '~' && c != '&' && c != '<' && c != '>' && c != '"' && c != '\'';
}

}  // namespace

bool is_utf8(std::string_view text) {
    while (!text.empty()) {
        const auto length = utf8_length(text);
        if (length == 0) return false;
        text.remove_prefix(length);
    }
    return true;
}

void append_escaped(std::string& out, std::string_view text) {
    while (!text.empty()) {
        const auto plain = std::find_if_not(text.begin(), text.end(), is_plain);
        out.append(text.begin(), plain);
        text.remove_prefix(std::size_t(plain - text.begin()));
        if (text.empty()) return;
        std::size_t length = utf8_length(text);
        const auto c = static_cast<unsigned char>(text.front());
        if (length == 0 || (c < 0x20 && c != '\t' && c != '\n' && c != '\r')) {
            out += replacement;
            length = 1;
        } else if (c == '&') {
            out += "&amp;";
        } else if (c == '<') {
            out += "&lt;";
        } else if (c == '>') {
            out += "&gt;";
        } else if (c == '"') {
            out += "&quot;";
        } else if (c == '\'') {
            out += "&apos;";
        } else if (c == '\r') {
            out += "&#xD;";
        } else {
            out += text.substr(0, length);
        }
        text.remove_prefix(length);
    }
}

XmlWriter& XmlWriter::open(std::string_view name, std::string_view xmlns) {
    text_ += '<';
    text_ += name;
    if (!xmlns.empty()) {
        text_ += " xmlns=\"";
        append_escaped(text_, xmlns);
        text_ += '"';
    }
    text_ += '>';
    return *this;
}

XmlWriter& XmlWriter::close(std::string_view name) {
    text_ += "</";
    text_ += name;
    text_ += '>';
    return *this;
}

XmlWriter& XmlWriter::leaf(std::string_view name, std::string_view text) {
    open(name);
    append_escaped(text_, text);
    return close(name);
}

XmlWriter& XmlWriter::text(std::string_view text) {
    append_escaped(text_, text);
    return *this;
}

XmlWriter& XmlWriter::raw(std::string_view xml) {
    text_ += xml;
    return *this;
}

}  // namespace keytide::lab
