#include "cli/terminal.hpp"

#include <poll.h>
#include <termios.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>

#include "vocabulary/printable.hpp"
#include "vocabulary/wiped_string.hpp"

namespace keytide::cli {
namespace {

// https://no-color.org
bool wants_color(const std::string& when) {
    if (when != "auto") return when == "always";
    const char* no_color = std::getenv("NO_COLOR");
    return isatty(STDOUT_FILENO) == 1 && isatty(STDERR_FILENO) == 1 &&
           (no_color == nullptr || *no_color == '\0');
}

bool somebody_can_be_asked() {
    return isatty(STDIN_FILENO) == 1 && isatty(STDERR_FILENO) == 1;
}

// What is typed is not shown as long as this lives.
class Unseen {
public:
    Unseen() : shown_(tcgetattr(STDIN_FILENO, &before_) == 0) {
        termios unseen = before_;
        unseen.c_lflag &= ~tcflag_t(ECHO);
        if (shown_) tcsetattr(STDIN_FILENO, TCSAFLUSH, &unseen);
    }
    Unseen(const Unseen&) = delete;
    Unseen& operator=(const Unseen&) = delete;
    ~Unseen() {
        if (shown_) tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_);
        std::fputc('\n', stderr);  // the one that was not shown
    }

private:
    termios before_{};
    bool shown_;
};

}  // namespace

Terminal::Terminal(const std::string& color, std::function<bool()> interrupted)
    : interrupted_(std::move(interrupted)), colored_(wants_color(color)) {}

Terminal Terminal::nobody() {
    Terminal nobody("never");
    nobody.is_there_ = false;
    return nobody;
}

void Terminal::print(std::FILE* to, std::string_view line) const {
    if (!is_there_) return;
    std::fwrite(line.data(), 1, line.size(), to);
    std::fputc('\n', to);
}

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

// In slices, since a signal may come right before poll() begins to wait.
Result<void> Terminal::wait_until_typed() const {
    for (pollfd typed{STDIN_FILENO, POLLIN, 0}; poll(&typed, 1, 100) <= 0;)
        if (interrupted_ && interrupted_())
            return std::unexpected(Error{ErrorKind::interrupted, "interrupted", "nothing was changed"});
    return {};
}

Result<std::optional<Secret>> Terminal::ask_unseen(std::string_view question) const {
    if (!is_there_ || !somebody_can_be_asked()) return std::nullopt;
    std::fflush(stdout);
    const Unseen unseen;
    std::fprintf(stderr, "%s", printable(question).c_str());
    if (const auto typed = wait_until_typed(); !typed) return std::unexpected(typed.error());
    WipedString answer;
    answer.reserve(256);
    for (int c = std::getchar(); c != EOF && c != '\n'; c = std::getchar()) answer += char(c);
    return Secret(answer);
}

Result<std::optional<bool>> Terminal::confirm(std::string_view question) const {
    if (!is_there_ || !somebody_can_be_asked()) return std::nullopt;
    std::fflush(stdout);
    std::fprintf(stderr, "%s [y/N] ", printable(question).c_str());
    if (const auto typed = wait_until_typed(); !typed) {
        std::fputc('\n', stderr);
        return std::unexpected(typed.error());
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
