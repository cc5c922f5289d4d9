#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "aws/process_guard.hpp"
#include "cli/commands.hpp"
#include "cli/context.hpp"

namespace keytide::cli {

// The program takes this process's place, so that signals and the exit code are its own.
Report exec(const Exec& asked, Session& session) {
    const auto context = find_context(session, credentials::KeyUse::sign);
    if (!context) return failure(context.error());
    const auto& key = context->source.key;
    setenv("AWS_ACCESS_KEY_ID", key.id.text().c_str(), 1);
    setenv("AWS_SECRET_ACCESS_KEY", std::string(key.secret.reveal()).c_str(), 1);
    for (const auto* name : {"AWS_SESSION_TOKEN", "AWS_SECURITY_TOKEN", "AWS_PROFILE", "AWS_DEFAULT_PROFILE"})
        unsetenv(name);
    if (!key.session_token.empty())
        setenv("AWS_SESSION_TOKEN", std::string(key.session_token.reveal()).c_str(), 1);
    if (const auto& region = context->settings.region) {
        setenv("AWS_REGION", region->value.c_str(), 1);
        setenv("AWS_DEFAULT_REGION", region->value.c_str(), 1);
    }
    std::vector<char*> arguments;
    for (const auto& argument : asked.command)
        arguments.push_back(const_cast<char*>(argument.c_str()));  // NOLINT: execvp's signature
    arguments.push_back(nullptr);
    aws::unguard_for_exec();
    execvp(arguments[0], arguments.data());
    const int why = errno;
    aws::guard_this_process();
    auto report = failure({ErrorKind::usage, asked.command.front() + " cannot be run: " + std::strerror(why),
                           "give the program after '--'"});
    report.exit_code = why == ENOENT ? 127 : 126;
    return report;
}

}  // namespace keytide::cli
