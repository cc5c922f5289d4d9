// The person at the other end: results on standard output, everything else on standard error.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "vocabulary/error.hpp"

namespace keytide::cli {

class Terminal {
public:
    explicit Terminal(const std::string& color);  // auto, always, never

    void result(std::string_view line) const;
    void say(std::string_view line) const;
    void error(const Error& error) const;     // "keytide: error: …", "keytide: hint: …"
    void keys(std::string_view state) const;  // "keytide: keys: …", once a key may have changed

    // Nothing when nobody can be asked; false for anything but y or yes.
    std::optional<bool> confirm(std::string_view question) const;

    std::string bold(std::string_view text) const { return paint("1", text); }
    std::string good(std::string_view text) const { return paint("32", text); }
    std::string bad(std::string_view text) const { return paint("31", text); }
    std::string faint(std::string_view text) const { return paint("2", text); }

    // Whether all results reached standard output.
    bool flush() const;

private:
    std::string paint(const char* code, std::string_view text) const;
    bool colored_;
};

}  // namespace keytide::cli
