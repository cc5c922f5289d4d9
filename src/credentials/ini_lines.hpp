// The lines of an INI file as Python's text files and str.strip() see them, because the AWS CLI and boto3
// read their files with Python's configparser: a line ends with LF, CRLF or CR; white space is Unicode's.
// https://docs.python.org/3/library/configparser.html
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "vocabulary/error.hpp"

namespace keytide::credentials {

// Offsets are bytes in the whole text.
struct IniLine {
    std::size_t number;          // 1 for the first
    std::size_t begin, end;      // `end` is behind the line's ending
    std::size_t ending;          // where the line's ending starts; equal to `end` on a last line without one
    std::size_t inner, trimmed;  // the content without white space around it; equal on a blank line
    std::size_t indent;          // characters (not bytes) of white space before the content

    std::string_view content(std::string_view text) const { return text.substr(inner, trimmed - inner); }
};

// Refuses what Python would refuse (text that is not UTF-8, a byte order mark), and NUL bytes, which a file
// holds only when a write to it was cut short. `where` is the path for the message.
Result<std::vector<IniLine>> split_ini_lines(std::string_view text, const std::string& where);

// Without the white space around it.
std::string_view trim_ini(std::string_view text);

}  // namespace keytide::credentials
