// The assignments in a file of environment variables, for the three kinds of program that read such files.
//
// Nobody can say what a shell script does without running it. So only plain assignments of the names that
// matter are understood; every other line is kept and not looked into, except that a line which might also
// set one of these names makes the file refused.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "vocabulary/error.hpp"
#include "vocabulary/wiped_string.hpp"

namespace keytide::destinations {

enum class EnvFormat {
    shell,    // read by `. FILE`: POSIX shell quoting, `export NAME=value`
    dotenv,   // read by dotenv libraries and `docker --env-file`, which disagree about quotes and escapes
    systemd,  // EnvironmentFile= of systemd.exec(5): no `export`, quotes around the whole value
};

struct EnvAssignment {
    std::string name;
    WipedString value;                 // unquoted
    std::size_t line;                  // 1 for the first
    std::size_t word_begin, word_end;  // the value's bytes in the text, quotes included
};

// The assignments to `names`, in the order of the file. Errors are of kind usage, with the line, and never
// show a value: a line that sets one of the names in a way that is not understood, a name that is set twice,
// a quotation that does not end. `where` is the path.
Result<std::vector<EnvAssignment>> find_assignments(std::string_view text, EnvFormat format,
                                                    std::span<const std::string_view> names,
                                                    const std::string& where);

// The value as a word of the format, in the quotes that `old_word` has, where it can be so. An error when no
// word reads as this value to every program of the format.
Result<WipedString> quote(std::string_view value, EnvFormat format, std::string_view old_word);

}  // namespace keytide::destinations
