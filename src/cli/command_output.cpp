#include "cli/command_output.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "vocabulary/file_descriptor.hpp"

extern char** environ;

namespace keytide::cli {
namespace {

constexpr std::size_t most = 4096;

std::unexpected<Error> wrong(std::string_view command, const std::string& what) {
    return usage_error(fmt::format("the command '{}' {}", command, what),
                       "run it by hand: it must end with 0, and print the key and nothing else");
}

// Our signals' handling is not the command's, and of what is open it gets the standard streams only.
class Spawn {
public:
    explicit Spawn(int standard_output) {
        posix_spawn_file_actions_init(&actions_);
        posix_spawn_file_actions_addopen(&actions_, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
        posix_spawn_file_actions_adddup2(&actions_, standard_output, STDOUT_FILENO);
        posix_spawn_file_actions_addclosefrom_np(&actions_, STDERR_FILENO + 1);
        posix_spawnattr_init(&attributes_);
        sigset_t defaults;
        sigfillset(&defaults);
        posix_spawnattr_setsigdefault(&attributes_, &defaults);
        posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSIGDEF);
    }
    Spawn(const Spawn&) = delete;
    Spawn& operator=(const Spawn&) = delete;
    ~Spawn() {
        posix_spawn_file_actions_destroy(&actions_);
        posix_spawnattr_destroy(&attributes_);
    }

    // errno's number, or 0.
    int start(std::vector<std::string> words, pid_t& child) {
        std::vector<char*> arguments;
        for (auto& word : words) arguments.push_back(word.data());
        arguments.push_back(nullptr);
        return posix_spawnp(&child, arguments[0], &actions_, &attributes_, arguments.data(), environ);
    }

private:
    posix_spawn_file_actions_t actions_{};
    posix_spawnattr_t attributes_{};
};

// Ended and waited for, whatever happens.
class Child {
public:
    explicit Child(pid_t pid) : pid_(pid), watch_(int(syscall(SYS_pidfd_open, pid, 0U))) {}
    Child(const Child&) = delete;
    Child& operator=(const Child&) = delete;
    ~Child() {
        if (pid_ > 0) end();
    }
    int watch() const { return watch_.get(); }
    int status() {
        int status = 0;
        while (waitpid(pid_, &status, 0) < 0 && errno == EINTR) continue;
        pid_ = -1;
        return status;
    }

private:
    void end() {
        kill(pid_, SIGKILL);
        status();
    }
    pid_t pid_;
    FileDescriptor watch_;
};

// False: there will be no more.
bool read_some(int fd, WipedString& output) {
    for (;;) {
        std::array<char, 512> bytes{};
        const auto got = read(fd, bytes.data(), bytes.size());
        if (got < 0 && errno == EINTR) continue;
        if (got < 0 && errno == EAGAIN) return true;
        if (got <= 0) return false;
        output.append(bytes.data(), std::min(std::size_t(got), most + 1 - std::min(output.size(), most + 1)));
        explicit_bzero(bytes.data(), bytes.size());
    }
}

}  // namespace

Result<std::vector<std::string>> words_of(std::string_view command) {
    std::vector<std::string> words;
    bool in_word = false;
    char quote = 0;
    for (std::size_t i = 0; i < command.size(); ++i) {
        const char c = command[i];
        const bool escapes = c == '\\' && quote != '\'' && i + 1 < command.size() &&
                             (quote == 0 || command[i + 1] == '"' || command[i + 1] == '\\');
        if (quote == 0 && std::string_view(" \t\n").find(c) != std::string_view::npos) {
            in_word = false;
            continue;
        }
        if (!in_word) words.emplace_back();
        in_word = true;
        if (escapes)
            words.back() += command[++i];
        else if (c == quote)
            quote = 0;
        else if (quote == 0 && (c == '\'' || c == '"'))
            quote = c;
        else
            words.back() += c;
    }
    if (quote != 0) return wrong(command, "has a quote that does not end");
    if (words.empty()) return wrong(command, "is empty");
    return words;
}

Result<WipedString> output_of(std::string_view command, Duration timeout,
                              const std::function<bool()>& interrupted) {
    auto words = words_of(command);
    if (!words) return std::unexpected(words.error());
    std::array<int, 2> pipe{};
    if (pipe2(pipe.data(), O_CLOEXEC) != 0) return wrong(command, "could not be started");
    const FileDescriptor reading(pipe[0]);
    FileDescriptor writing(pipe[1]);
    fcntl(reading.get(), F_SETFL, O_NONBLOCK);
    pid_t pid = -1;
    if (const int error = Spawn(writing.get()).start(std::move(*words), pid); error != 0)
        return wrong(command, fmt::format("could not be started: {}", std::strerror(error)));
    Child child(pid);
    if (child.watch() < 0) return wrong(command, "cannot be watched");
    writing = FileDescriptor();

    WipedString output;
    output.reserve(most + 1);
    const auto deadline = std::chrono::steady_clock::now() + timeout;
    for (std::array<pollfd, 2> events{pollfd{reading.get(), POLLIN, 0}, {child.watch(), POLLIN, 0}};;) {
        const auto left = std::chrono::ceil<Duration>(deadline - std::chrono::steady_clock::now());
        poll(events.data(), events.size(), int(std::clamp(left, Duration{0}, Duration{100}).count()));
        if (events[0].fd >= 0 && !read_some(reading.get(), output)) events[0].fd = -1;
        if ((events[1].revents & POLLIN) != 0) break;
        if (output.size() > most) return wrong(command, "prints too much to be a key");
        if (left <= Duration{0})
            return wrong(command, fmt::format("did not end within {} seconds", timeout.count() / 1000));
        if (interrupted && interrupted())
            return std::unexpected(Error{ErrorKind::interrupted, "interrupted", "nothing was changed"});
    }
    read_some(reading.get(), output);  // what came with the end
    const int status = child.status();
    if (WIFSIGNALED(status)) return wrong(command, fmt::format("was ended by signal {}", WTERMSIG(status)));
    if (WEXITSTATUS(status) != 0)
        return wrong(command, fmt::format("ended with status {}", WEXITSTATUS(status)));
    return output;
}

}  // namespace keytide::cli
