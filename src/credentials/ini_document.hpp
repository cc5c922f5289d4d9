// An INI file of the AWS CLI that can be edited without losing a byte.
//
// The document keeps the text and knows where in it each value lies; an edit replaces the bytes of one value,
// or puts in or takes out one line, and gives a new document. Then the new text is parsed again and held
// against the old: if anything else would read differently, the edit is refused.
//
// It is read exactly as botocore reads it, which is Python's RawConfigParser and one level of nesting:
// `=` or `:` between key and value, keys in any case, whole-line comments with # or ; only (one behind a
// value is part of the value), indented lines continue a value, and a section or key that comes twice, a line
// without a delimiter, or a line before the first section makes all of the file unusable.
// https://github.com/boto/botocore/blob/develop/botocore/configloader.py
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "vocabulary/error.hpp"
#include "vocabulary/wiped_string.hpp"

namespace keytide::credentials {

struct IniEntry {
    std::string key;    // in lower case
    WipedString value;  // without white space around it; lines that continue it are joined by \n
    std::size_t line;   // where it starts, 1 for the first
    bool one_line;

    // Bytes of the text: the lines as a whole, the indentation, what stands between key and value, the value.
    std::size_t begin, end, indentation_end, key_end, value_begin, value_end;
};

struct IniSection {
    std::string name;  // what stands in the brackets, white space and quotes included
    std::size_t line;
    std::size_t header_end;  // the byte behind the header's line
    std::vector<IniEntry> entries;

    const IniEntry* find(std::string_view key) const;  // `key` in lower case; null when there is none
};

class IniDocument {
public:
    // Copies the text. `where` is the path, for messages. Errors are of kind usage, with the line.
    static Result<IniDocument> parse(std::string_view text, std::string where);

    const WipedString& text() const { return text_; }
    const std::string& where() const { return where_; }
    const std::vector<IniSection>& sections() const { return sections_; }
    const IniSection* find(std::string_view section) const;  // null when there is none

    // The section must exist. A key that is missing is put behind the section's last one, written as that one
    // is. Refuses a value that would not be read back as it is, and to replace one of several lines.
    Result<IniDocument> with_value(std::string_view section, std::string_view key,
                                   std::string_view value) const;
    Result<IniDocument> without_value(std::string_view section, std::string_view key) const;

    // At the end of the text, behind a blank line.
    Result<IniDocument> with_section(std::string_view section) const;

private:
    IniDocument() = default;
    Result<IniDocument> edited(std::size_t begin, std::size_t end, std::string_view bytes,
                               std::string_view section, std::string_view key) const;
    std::string_view line_ending() const;

    WipedString text_;
    std::string where_;
    std::vector<IniSection> sections_;
};

// In a value of nested lines ("s3 =" and below it "  endpoint_url = http://…"), the value of `key`.
std::optional<std::string_view> nested_value(std::string_view value, std::string_view key);

}  // namespace keytide::credentials
