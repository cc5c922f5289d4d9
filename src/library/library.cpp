#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/json.hpp>
#include <cerrno>
#include <cstring>

#include "keytide/keytide.hpp"

extern char** environ;

namespace keytide::library {
namespace {

namespace json = boost::json;

Outcome failure(std::string message, std::string hint) {
    return {1, Error{std::move(message), std::move(hint)}, {}};
}

void add(std::vector<std::string>& arguments, const char* option, const std::string& value) {
    if (value.empty()) return;
    arguments.emplace_back(option);
    arguments.push_back(value);
}

std::vector<std::string> common(const Options& o, const char* command) {
    std::vector<std::string> arguments{o.program, command, "--output", "json"};
    add(arguments, "--profile", o.profile);
    add(arguments, "--region", o.region);
    add(arguments, "--endpoint-url", o.endpoint_url);
    add(arguments, "--config", o.config);
    add(arguments, "--state-dir", o.state_dir);
    return arguments;
}

std::string text(const json::object& object, const char* name) {
    const auto* value = object.if_contains(name);
    const auto* found = value != nullptr ? value->if_string() : nullptr;
    return found != nullptr ? std::string(found->c_str(), found->size()) : std::string();
}

Rotation rotation(const json::object& o) {
    Rotation r{text(o, "id"),
               text(o, "result"),
               text(o, "phase"),
               "",
               text(o, "old_access_key_id"),
               text(o, "new_access_key_id"),
               text(o, "keys"),
               text(o, "parked_until"),
               text(o, "reason"),
               text(o, "question"),
               {}};
    if (const auto* user = o.if_contains("user"); user != nullptr && user->is_object())
        r.user_name = text(user->get_object(), "name");
    if (const auto* answers = o.if_contains("answers"); answers != nullptr && answers->is_array())
        for (const auto& each : answers->get_array())
            if (const auto* answer = each.if_string())
                r.answers.emplace_back(answer->c_str(), answer->size());
    return r;
}

Outcome read(const std::string& said, int exit_code) {
    json::error_code error;
    const auto whole = json::parse(said, error);
    if (error || !whole.is_object())
        return failure(
            "keytide ended with " + std::to_string(exit_code) + " and said nothing that can be read",
            "run it by hand, with --output json");
    const auto& o = whole.get_object();
    Outcome outcome{exit_code, {}, {}};
    if (const auto* wrong = o.if_contains("error"); wrong != nullptr && wrong->is_object())
        outcome.error = Error{text(wrong->get_object(), "message"), text(wrong->get_object(), "hint")};
    if (const auto* all = o.if_contains("rotations"); all != nullptr && all->is_array())
        for (const auto& each : all->get_array())
            if (each.is_object()) outcome.rotations.push_back(rotation(each.get_object()));
    return outcome;
}

Outcome run(std::vector<std::string> words) {
    int pipe[2];
    if (pipe2(pipe, O_CLOEXEC) != 0) return failure("no pipe can be made", std::strerror(errno));
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, pipe[1], STDOUT_FILENO);
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    std::vector<char*> arguments;
    for (auto& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    pid_t child = -1;
    const int wrong = posix_spawnp(&child, arguments[0], &actions, nullptr, arguments.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    close(pipe[1]);
    std::string said;
    if (wrong == 0) {
        char bytes[4096];
        for (;;) {
            const auto got = ::read(pipe[0], bytes, sizeof bytes);
            if (got < 0 && errno == EINTR) continue;
            if (got <= 0) break;
            said.append(bytes, std::size_t(got));
        }
    }
    close(pipe[0]);
    if (wrong != 0)
        return failure(words.front() + " cannot be run: " + std::strerror(wrong),
                       "install it, or say where it is");
    int status = 0;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) continue;
    if (!WIFEXITED(status))
        return failure("keytide was ended by signal " + std::to_string(WTERMSIG(status)),
                       "what it had begun is gone on with by resume()");
    return read(said, WEXITSTATUS(status));
}

}  // namespace

Outcome rotate(const Options& options, const Wish& wish) {
    auto arguments = common(options, "rotate");
    add(arguments, "--user-name", wish.user_name);
    for (const auto& uri : wish.deliver) add(arguments, "--deliver", uri);
    add(arguments, "--grace", wish.grace);
    add(arguments, "--quiet", wish.quiet);
    add(arguments, "--soak", wish.soak);
    if (wish.yes) arguments.emplace_back("--yes");
    if (!wish.name.empty()) arguments.push_back(wish.name);
    return run(std::move(arguments));
}

Outcome resume(const Options& options, const std::string& rotation_id) {
    auto arguments = common(options, "resume");
    arguments.push_back(rotation_id.empty() ? "--due" : rotation_id);
    return run(std::move(arguments));
}

Outcome status(const Options& options) {
    return run(common(options, "status"));
}

}  // namespace keytide::library
