// Writes XML into one string: no tree, every text and attribute escaped.
#pragma once

#include <string>
#include <string_view>

namespace keytide::lab {

// & < > " ' and carriage return as references; what XML 1.0 cannot carry (most control characters, bytes that
// are not UTF-8) becomes U+FFFD, so that a reply can always be parsed.
void append_escaped(std::string& out, std::string_view text);

bool is_utf8(std::string_view text);  // without U+FFFE and U+FFFF, which XML does not know

class XmlWriter {
public:
    explicit XmlWriter(std::size_t expected_length = 0) { text_.reserve(expected_length); }

    XmlWriter& open(std::string_view name, std::string_view xmlns = {});
    XmlWriter& close(std::string_view name);
    XmlWriter& leaf(std::string_view name, std::string_view text);
    XmlWriter& leaf(std::string_view name, bool value) {
        return leaf(name, value ? std::string_view("true") : "false");
    }
    XmlWriter& leaf(std::string_view name, const char* text) { return leaf(name, std::string_view(text)); }
    XmlWriter& text(std::string_view text);  // inside an element, escaped
    XmlWriter& raw(std::string_view xml);    // what another XmlWriter wrote

    std::string take() { return std::move(text_); }

private:
    std::string text_;
};

}  // namespace keytide::lab
