#include "cli/terminal.hpp"

#include <poll.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>

#include "vocabulary/printable.hpp"

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

Terminal::Terminal(const std::string& color, std::function<bool()> interrupted)
    : interrupted_(std::move(interrupted)), colored_(wants_color(color)) {}

void Terminal::result(std::string_view lines, Style style) const {
    for (auto end = lines.find('\n'); end != std::string_view::npos; end = lines.find('\n')) {
        print(stdout, styled(lines.substr(0, end), style));
        lines.remove_prefix(end + 1);
    }
    print(stdout, styled(lines, style));
}

void Terminal::say(std::string_view line, Style style) const {
    std::fflush(stdout);
    print(stderr, styled(line, style));
}

void Terminal::error(const Error& error) const {
    std::fflush(stdout);
    print(stderr, painted("keytide: error:", "31") + " " + printable(error.message));
    if (!error.hint.empty()) say("keytide: hint: " + error.hint);
}

void Terminal::keys(std::string_view state) const {
    say("keytide: keys: " + std::string(state));
}

Result<std::optional<bool>> Terminal::confirm(std::string_view question) const {
    if (isatty(STDIN_FILENO) != 1 || isatty(STDERR_FILENO) != 1) return std::nullopt;
    std::fflush(stdout);
    std::fprintf(stderr, "%s [y/N] ", printable(question).c_str());
    // In slices, since a signal may come right before poll() begins to wait.
    for (pollfd typed{STDIN_FILENO, POLLIN, 0}; poll(&typed, 1, 100) <= 0;)
        if (interrupted_ && interrupted_()) {
            std::fputc('\n', stderr);
            return std::unexpected(Error{ErrorKind::interrupted, "interrupted", "nothing was changed"});
        }
    std::string answer;
    for (int c = std::getchar(); c != EOF && c != '\n'; c = std::getchar()) answer += char(c);
    return answer == "y" || answer == "Y" || answer == "yes" || answer == "Yes";
}

std::string Terminal::painted(std::string_view text, std::string_view code) const {
    if (!colored_ || code.empty()) return std::string(text);
    return "\033[" + std::string(code) + "m" + std::string(text) + "\033[0m";
}

std::string Terminal::styled(std::string_view line, Style style) const {
    return painted(printable(line), style == Style::bold ? "1" : style == Style::faint ? "2" : "");
}

bool Terminal::flush() const {
    return std::fflush(stdout) == 0 && std::ferror(stdout) == 0;
}

}  // namespace keytide::cli
