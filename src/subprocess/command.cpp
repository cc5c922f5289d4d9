#include "subprocess/command.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/close_range.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include "subprocess/process_guard.hpp"

extern char** environ;

namespace keytide::subprocess {
namespace {

class ChildEnvironment {
public:
    explicit ChildEnvironment(const Command& command) {
        const auto name_of = [](std::string_view variable) { return variable.substr(0, variable.find('=')); };
        const auto is_ours = [&](std::string_view name) {
            return std::ranges::find(command.without, name) == command.without.end() &&
                   std::ranges::none_of(command.with, [&](const auto& v) { return name_of(v) == name; });
        };
        for (char** variable = environ; *variable != nullptr; ++variable)
            if (is_ours(name_of(*variable))) pointers_.push_back(*variable);
        texts_ = command.with;
        for (auto& text : texts_) pointers_.push_back(text.data());
        pointers_.push_back(nullptr);
    }
    char* const* get() const { return pointers_.data(); }

private:
    std::vector<WipedString> texts_;
    std::vector<char*> pointers_;
};

class Pipe {
public:
    Pipe() { open_ = pipe2(ends_.data(), O_CLOEXEC) == 0; }
    ~Pipe() {
        close_end(0);
        close_end(1);
    }
    Pipe(const Pipe&) = delete;
    Pipe& operator=(const Pipe&) = delete;
    bool is_open() const { return open_; }
    int reading() const { return ends_[0]; }
    int writing() const { return ends_[1]; }
    void close_reading() { close_end(0); }
    void close_writing() { close_end(1); }

private:
    void close_end(std::size_t end) {
        if (ends_[end] >= 0) close(std::exchange(ends_[end], -1));
    }
    std::array<int, 2> ends_{-1, -1};
    bool open_;
};

// After fork() and before exec() only what is async-signal-safe. 126 as the shell has it: could not be run.
// Of what is open only the standard streams are handed on: the ledger's lock above all may not outlive us in
// a child.
[[noreturn]] void become_shell(char* const* arguments, char* const* environment) {
    unguard_for_exec();
    syscall(SYS_close_range, 3U, ~0U, CLOSE_RANGE_CLOEXEC);
    execve("/bin/sh", arguments, environment);
    _exit(126);
}

// Leads the group. No signal but SIGKILL ends it before its time.
[[noreturn]] void become_watcher(int pipe) {
    static char shell[] = "sh", option[] = "-c", command[] = "read -r _; kill -s KILL 0";
    static char* const arguments[] = {shell, option, command, nullptr};
    static char* const environment[] = {nullptr};
    sigset_t all;
    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, nullptr);
    const int nothing = open("/dev/null", O_WRONLY);
    if (setpgid(0, 0) != 0 || nothing < 0 || dup2(pipe, STDIN_FILENO) < 0 ||
        dup2(nothing, STDOUT_FILENO) < 0 || dup2(nothing, STDERR_FILENO) < 0)
        _exit(126);
    become_shell(arguments, environment);
}

[[noreturn]] void become_command(char* const* arguments, char* const* environment, const char* folder,
                                 int input, int output, pid_t group, pid_t parent) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    // The watcher can kill only what has joined it; until then it is the line above that does.
    if (setpgid(0, group) != 0 || getppid() != parent) _exit(126);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, nullptr);
    if (*folder != '\0' && chdir(folder) != 0) _exit(126);
    if (dup2(input, STDIN_FILENO) < 0 || dup2(output, STDOUT_FILENO) < 0) _exit(126);
    become_shell(arguments, environment);
}

int wait_for(pid_t child) {
    int status = 0;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) continue;
    return status;
}

// False: there is more than is taken.
bool take_what_is_there(int pipe, WipedString& output) {
    std::array<char, 4096> bytes;
    ssize_t got = 0;
    while ((got = read(pipe, bytes.data(), bytes.size())) > 0) output.append(bytes.data(), std::size_t(got));
    explicit_bzero(bytes.data(), bytes.size());
    return output.size() <= largest_output;
}

// Nothing: it has ended.
const char* watch(const Command& command, int process, int output, WipedString& kept) {
    const auto deadline = std::chrono::steady_clock::now() + command.timeout;
    while (true) {
        const auto left = std::chrono::ceil<Duration>(deadline - std::chrono::steady_clock::now());
        std::array<pollfd, 2> news{pollfd{process, POLLIN, 0}, pollfd{output, POLLIN, 0}};
        const auto slice = std::clamp(left, Duration{0}, Duration{100});
        poll(news.data(), news.size(), int(slice.count()));
        if (output >= 0 && !take_what_is_there(output, kept)) return "the command says too much";
        if (news[0].revents != 0) return nullptr;
        // Closed by the command; a poll would answer at once for ever.
        if ((news[1].revents & POLLHUP) != 0) output = -1;
        if (left <= Duration{0}) return "the command did not end in time";
        if (command.interrupted && command.interrupted()) return "interrupted";
    }
}

}  // namespace

std::string Ended::in_words() const {
    return status < 256 ? fmt::format("the command ended with status {}", status)
                        : fmt::format("the command was ended by signal {}", status - 256);
}

std::expected<Ended, NotEnded> run(const Command& command) {
    const ChildEnvironment environment(command);
    std::string shell = "sh", option = "-c", text = command.text;
    const std::array<char*, 4> arguments{shell.data(), option.data(), text.data(), nullptr};
    const auto not_started = [] {
        return NotEnded{false, fmt::format("the command could not be started: {}", strerror(errno))};
    };

    Pipe life, input, output;
    if (!life.is_open() || !input.is_open() || !output.is_open()) return std::unexpected(not_started());
    if (command.input.size() > largest_input)
        return std::unexpected(NotEnded{false, "there is more to say to the command than it may be told"});
    fcntl(input.writing(), F_SETFL, O_NONBLOCK);
    if (write(input.writing(), command.input.data(), command.input.size()) != ssize_t(command.input.size()))
        return std::unexpected(not_started());
    input.close_writing();
    fcntl(output.reading(), F_SETFL, O_NONBLOCK);

    const auto parent = getpid();
    const auto watcher = fork();
    if (watcher < 0) return std::unexpected(not_started());
    if (watcher == 0) become_watcher(life.reading());
    setpgid(watcher, watcher);  // both sides do it: whoever comes first, the group is there to be joined
    life.close_reading();

    const auto child = fork();
    if (child < 0) {
        const auto why = not_started();
        kill(watcher, SIGKILL);
        wait_for(watcher);
        return std::unexpected(why);
    }
    if (child == 0)
        become_command(arguments.data(), environment.get(), command.folder.c_str(), input.reading(),
                       command.keeps_output ? output.writing() : STDERR_FILENO, watcher, parent);
    output.close_writing();

    Ended ended;
    const int process = int(syscall(SYS_pidfd_open, child, 0U));
    const char* gave_up = "the command could not be watched";
    if (process >= 0) {
        gave_up = watch(command, process, command.keeps_output ? output.reading() : -1, ended.output);
        close(process);
    }
    if (gave_up != nullptr) kill(child, SIGKILL);
    kill(-watcher, SIGKILL);  // what the command left behind, too
    const int status = wait_for(child);
    wait_for(watcher);
    if (gave_up != nullptr) return std::unexpected(NotEnded{true, gave_up});
    ended.status = WIFEXITED(status) ? WEXITSTATUS(status) : 256 + WTERMSIG(status);
    return ended;
}

}  // namespace keytide::subprocess
