#include "aws/exec_probe.hpp"

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
#include <string_view>
#include <utility>
#include <vector>

#include "aws/process_guard.hpp"
#include "vocabulary/wiped_string.hpp"

extern char** environ;

namespace keytide::aws {
namespace {

using Outcome = decltype(ports::Answer<ports::ProbeAccepted>::outcome);

// Ours, without anything that names another key, and with this one.
class ChildEnvironment {
public:
    explicit ChildEnvironment(const AccessKey& key) {
        for (char** variable = environ; *variable != nullptr; ++variable)
            if (!chooses_a_key(*variable)) pointers_.push_back(*variable);
        add("AWS_ACCESS_KEY_ID=", key.id.text());
        add("AWS_SECRET_ACCESS_KEY=", key.secret.reveal());
        if (!key.session_token.empty()) add("AWS_SESSION_TOKEN=", key.session_token.reveal());
        for (auto& text : texts_) pointers_.push_back(text.data());
        pointers_.push_back(nullptr);
    }
    char* const* get() const { return pointers_.data(); }

private:
    static bool chooses_a_key(std::string_view variable) {
        constexpr std::array<std::string_view, 6> names{"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY",
                                                        "AWS_SESSION_TOKEN", "AWS_SECURITY_TOKEN",
                                                        "AWS_PROFILE",       "AWS_DEFAULT_PROFILE"};
        return std::find(names.begin(), names.end(), variable.substr(0, variable.find('='))) != names.end();
    }
    void add(std::string_view name, std::string_view value) {
        WipedString text;
        text.reserve(name.size() + value.size());
        texts_.push_back(std::move(text.append(name).append(value)));
    }

    std::vector<WipedString> texts_;
    std::vector<char*> pointers_;
};

class Pipe {
public:
    Pipe() { open_ = pipe2(ends_.data(), O_CLOEXEC) == 0; }
    ~Pipe() {
        close_reading();
        if (open_) close(ends_[1]);
    }
    Pipe(const Pipe&) = delete;
    Pipe& operator=(const Pipe&) = delete;
    bool is_open() const { return open_; }
    int reading() const { return ends_[0]; }
    void close_reading() {
        if (ends_[0] >= 0) close(std::exchange(ends_[0], -1));
    }

private:
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

[[noreturn]] void become_command(char* const* arguments, char* const* environment, pid_t group,
                                 pid_t parent) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    // The watcher can kill only what has joined it; until then it is the line above that does.
    if (setpgid(0, group) != 0 || getppid() != parent) _exit(126);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, nullptr);
    const int nothing = open("/dev/null", O_RDONLY);
    if (nothing < 0 || dup2(nothing, STDIN_FILENO) < 0 || dup2(STDERR_FILENO, STDOUT_FILENO) < 0) _exit(126);
    become_shell(arguments, environment);
}

int wait_for(pid_t child) {
    int status = 0;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) continue;
    return status;
}

Outcome verdict_of(int status) {
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return ports::ProbeAccepted{};
    return ports::Refused{"ExecFailed",
                          WIFEXITED(status)
                              ? fmt::format("the command ended with status {}", WEXITSTATUS(status))
                              : fmt::format("the command was ended by signal {}", WTERMSIG(status))};
}

}  // namespace

ExecProbe::ExecProbe(std::string command, Duration timeout, std::function<bool()> interrupted)
    : command_(std::move(command)), timeout_(timeout), interrupted_(std::move(interrupted)) {}

ports::Answer<ports::ProbeAccepted> ExecProbe::attempt(const AccessKey& key) {
    const ChildEnvironment environment(key);
    std::string shell = "sh", option = "-c", command = command_;
    const std::array<char*, 4> arguments{shell.data(), option.data(), command.data(), nullptr};

    const auto not_started = [] {
        return ports::NotSent{fmt::format("the command could not be started: {}", strerror(errno))};
    };
    Pipe pipe;
    const auto parent = getpid();
    const auto watcher = pipe.is_open() ? fork() : -1;
    if (watcher < 0) return {not_started()};
    if (watcher == 0) become_watcher(pipe.reading());
    setpgid(watcher, watcher);  // both sides do it: whoever comes first, the group is there to be joined
    pipe.close_reading();

    const auto child = fork();
    if (child < 0) {
        const auto why = not_started();
        kill(watcher, SIGKILL);
        wait_for(watcher);
        return {why};
    }
    if (child == 0) become_command(arguments.data(), environment.get(), watcher, parent);

    const auto deadline = std::chrono::steady_clock::now() + timeout_;
    const int process = int(syscall(SYS_pidfd_open, child, 0U));
    const char* gave_up = nullptr;
    while (process >= 0) {
        const auto left = std::chrono::ceil<Duration>(deadline - std::chrono::steady_clock::now());
        pollfd ended{process, POLLIN, 0};
        const auto slice = std::clamp(left, Duration{0}, Duration{100});
        if (poll(&ended, 1, int(slice.count())) > 0) break;
        if (left <= Duration{0}) gave_up = "the command did not end in time";
        if (interrupted_ && interrupted_()) gave_up = "interrupted";
        if (gave_up != nullptr) break;
    }
    if (process < 0) gave_up = "the command could not be watched";
    if (process >= 0) close(process);
    if (gave_up != nullptr) kill(child, SIGKILL);
    kill(-watcher, SIGKILL);  // what the command left behind, too
    const int status = wait_for(child);
    wait_for(watcher);
    if (gave_up != nullptr) return {ports::Indeterminate{gave_up}};
    return {verdict_of(status)};
}

}  // namespace keytide::aws
