#include "cli/terminal.hpp"

#include <unistd.h>

#include <cstdio>
#include <cstdlib>

namespace keytide::cli {
namespace {

void print(std::FILE* to, std::string_view line) {
    std::fwrite(line.data(), 1, line.size(), to);
    std::fputc('\n', to);
}

// https://no-color.org
bool wants_color(const std::string& when) {
    if (when != "auto") return when == "always";
    const char* no_color = std::getenv("NO_COLOR");
    return isatty(STDOUT_FILENO) == 1 && isatty(STDERR_FILENO) == 1 &&
           (no_color == nullptr || *no_color == '\0');
}

}  // namespace

Terminal::Terminal(const std::string& color) : colored_(wants_color(color)) {}

void Terminal::result(std::string_view line) const {
    print(stdout, line);
}

void Terminal::say(std::string_view line) const {
    std::fflush(stdout);
    print(stderr, line);
}

void Terminal::error(const Error& error) const {
    say(bad("keytide: error:") + " " + error.message);
    if (!error.hint.empty()) say("keytide: hint: " + error.hint);
}

void Terminal::keys(std::string_view state) const {
    say("keytide: keys: " + std::string(state));
}

std::optional<bool> Terminal::confirm(std::string_view question) const {
    if (isatty(STDIN_FILENO) != 1 || isatty(STDERR_FILENO) != 1) return std::nullopt;
    std::fflush(stdout);
    std::fprintf(stderr, "%.*s [y/N] ", int(question.size()), question.data());
    std::string answer;
    for (int c = std::getchar(); c != EOF && c != '\n'; c = std::getchar()) answer += char(c);
    return answer == "y" || answer == "Y" || answer == "yes" || answer == "Yes";
}

std::string Terminal::paint(const char* code, std::string_view text) const {
    if (!colored_) return std::string(text);
    return "\033[" + std::string(code) + "m" + std::string(text) + "\033[0m";
}

bool Terminal::flush() const {
    return std::fflush(stdout) == 0 && std::ferror(stdout) == 0;
}

}  // namespace keytide::cli
