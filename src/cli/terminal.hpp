// The person at the other end: results on standard output, everything else on standard error.
//
// Whatever a line is made of, it stays one line and moves no cursor: control characters are written out.
#pragma once

#include <cstdio>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "vocabulary/error.hpp"
#include "vocabulary/secret.hpp"

namespace keytide::cli {

enum class Style { plain, bold, faint };

class Terminal {
public:
    // `color`: auto, always, never. `interrupted` is asked while the person is, and may be empty.
    explicit Terminal(const std::string& color, std::function<bool()> interrupted = {});
    // Where nobody is: nothing is shown, and nobody can be asked.
    static Terminal nobody();

    void result(std::string_view lines, Style style = Style::plain) const;  // parted by \n
    void say(std::string_view line, Style style = Style::plain) const;
    void error(const Error& error) const;     // "keytide: error: …", "keytide: hint: …"
    void keys(std::string_view state) const;  // "keytide: keys: …", once a key may have changed

    // Nothing when nobody can be asked; false for anything but y or yes; an error of kind interrupted.
    Result<std::optional<bool>> confirm(std::string_view question) const;

    // One line that is not shown while it is typed, as getpass(3) has it; otherwise as confirm().
    Result<std::optional<Secret>> ask_unseen(std::string_view question) const;

    // Whether all results reached standard output.
    bool flush() const;

private:
    void print(std::FILE* to, std::string_view line) const;
    Result<void> wait_until_typed() const;
    std::string painted(std::string_view text, std::string_view code) const;
    std::string styled(std::string_view line, Style style) const;
    std::function<bool()> interrupted_;
    bool colored_;
    bool is_there_ = true;
};

}  // namespace keytide::cli
