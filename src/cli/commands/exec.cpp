#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "cli/commands.hpp"
#include "cli/context.hpp"
#include "cli/exit_code.hpp"
#include "cli/named_key.hpp"
#include "subprocess/process_guard.hpp"

namespace keytide::cli {
namespace {

void export_value(const char* name, const std::string& value) {
    setenv(name, value.c_str(), 1);
}

// The profile is not the program's any more, so what it says of the way to AWS is handed on; and what another
// profile says, [default] above all, must not take its place.
void export_connection(const Context& context, const Session& session) {
    const auto& s = context.settings;
    if (s.region) {
        export_value("AWS_REGION", s.region->value);
        export_value("AWS_DEFAULT_REGION", s.region->value);
    }
    if (s.ca_bundle) export_value("AWS_CA_BUNDLE", context.connection.ca_bundle);
    if (!s.iam && !s.sts && !s.s3) return export_value("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true");
    if (s.iam) export_value("AWS_ENDPOINT_URL_IAM", s.iam->value);
    if (s.sts) export_value("AWS_ENDPOINT_URL_STS", s.sts->value);
    if (s.s3) export_value("AWS_ENDPOINT_URL_S3", s.s3->value);
    if (const auto& option = session.everywhere.endpoint_url)
        export_value("AWS_ENDPOINT_URL", *option);
    else if (!credentials::non_empty(session.environment, "AWS_ENDPOINT_URL"))
        if (const auto of_profile = context.files.value(s.profile, "endpoint_url"))
            export_value("AWS_ENDPOINT_URL", of_profile->value);
}

}  // namespace

// The program takes this process's place, so that signals and the exit code are its own.
Report exec(const Exec& asked, Session& session) {
    std::optional<configuration::Key> named;
    if (asked.name) {
        auto found = use_named_key(session, *asked.name);
        if (!found) return failure(found.error());
        named = std::move(*found);
    }
    auto context = find_context(session, credentials::KeyUse::sign);
    if (!context) return failure(context.error());
    if (named && named->user_name) {
        auto held = key_in_use(session, *named);
        if (!held) return failure(held.error());
        context->source.key = std::move(*held);
    }
    const auto& key = context->source.key;
    setenv("AWS_ACCESS_KEY_ID", key.id.text().c_str(), 1);
    setenv("AWS_SECRET_ACCESS_KEY", std::string(key.secret.reveal()).c_str(), 1);
    for (const auto* name : {"AWS_SESSION_TOKEN", "AWS_SECURITY_TOKEN", "AWS_PROFILE", "AWS_DEFAULT_PROFILE"})
        unsetenv(name);
    if (!key.session_token.empty())
        setenv("AWS_SESSION_TOKEN", std::string(key.session_token.reveal()).c_str(), 1);
    export_connection(*context, session);
    std::vector<char*> arguments;
    for (const auto& argument : asked.command)
        arguments.push_back(const_cast<char*>(argument.c_str()));  // NOLINT: execvp's signature
    arguments.push_back(nullptr);
    subprocess::unguard_for_exec();
    execvp(arguments[0], arguments.data());
    const int why = errno;
    subprocess::guard_this_process();
    auto report = failure({ErrorKind::usage, asked.command.front() + " cannot be run: " + std::strerror(why),
                           "give the program after '--'"});
    report.exit_code = why == ENOENT ? exit_code::not_found : exit_code::cannot_run;
    return report;
}

}  // namespace keytide::cli
