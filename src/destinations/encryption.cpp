#include "destinations/encryption.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <vector>

#include "vocabulary/file_descriptor.hpp"

extern char** environ;

namespace keytide::destinations {
namespace {

constexpr auto time_for_it = std::chrono::seconds(30);

std::vector<std::string> command(const std::string& recipient) {
    if (is_for_age(recipient)) return {"age", "--armor", "--recipient", recipient};
    return {"gpg", "--batch", "--no-tty", "--quiet", "--armor", "--encrypt", "--recipient", recipient};
}

// What the program says of it is shown, as standard error: it knows nothing secret but the text.
int start(std::vector<std::string> words, int end, pid_t& child) {
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
    posix_spawn_file_actions_adddup2(&actions, end, STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, end, STDOUT_FILENO);
    posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1);
    sigset_t defaults;
    sigfillset(&defaults);
    posix_spawnattr_setsigdefault(&attributes, &defaults);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
    std::vector<char*> arguments;
    for (auto& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    const int wrong = posix_spawnp(&child, arguments[0], &actions, &attributes, arguments.data(), environ);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return wrong;
}

}  // namespace

bool is_for_age(std::string_view recipient) {
    return recipient.starts_with("age1") || recipient.starts_with("ssh-");
}

Result<std::string> encrypted(std::string_view text, const std::string& recipient,
                              const std::function<bool()>& interrupted) {
    const auto words = command(recipient);
    const auto& program = words.front();
    if (recipient.starts_with('-')) return usage_error("'" + recipient + "' names nobody");
    // Its own end of a socket: unlike a pipe's, writing to who has gone raises no signal.
    std::array<int, 2> ends{};
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0)
        return failed(program + " could not be started: " + std::strerror(errno));
    const FileDescriptor ours(ends[0]);
    FileDescriptor theirs(ends[1]);
    pid_t child = -1;
    if (const int wrong = start(words, theirs.get(), child); wrong != 0)
        return failed(program + " could not be started: " + std::strerror(wrong),
                      "install it: the key is encrypted by it");
    theirs = FileDescriptor();
    [[maybe_unused]] const auto sent = send(ours.get(), text.data(), text.size(), MSG_NOSIGNAL);
    shutdown(ours.get(), SHUT_WR);

    std::string result;
    bool in_time = true;
    const auto deadline = std::chrono::steady_clock::now() + time_for_it;
    for (;;) {
        pollfd reading{ours.get(), POLLIN, 0};
        in_time = std::chrono::steady_clock::now() < deadline && !(interrupted && interrupted());
        if (!in_time) break;
        if (poll(&reading, 1, 100) <= 0) continue;
        std::array<char, 4096> bytes{};
        const auto got = read(ours.get(), bytes.data(), bytes.size());
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) break;
        result.append(bytes.data(), std::size_t(got));
    }
    if (!in_time) kill(child, SIGKILL);
    int status = 0;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) continue;
    if (!in_time) return failed(program + " did not end in time");
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0 || result.empty())
        return failed(fmt::format("{} did not encrypt to {}", program, recipient),
                      "what it said stands above; the recipient must be one that it knows and trusts");
    return result;
}

}  // namespace keytide::destinations
