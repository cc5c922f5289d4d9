#include "aws/exec_probe.hpp"

#include <utility>

#include "subprocess/command.hpp"

namespace keytide::aws {
namespace {

WipedString variable(std::string_view name, std::string_view value) {
    WipedString text;
    text.reserve(name.size() + value.size() + 32);
    return text.append(name).append("=").append(value);
}

}  // namespace

ExecProbe::ExecProbe(std::string command, Duration timeout, std::function<bool()> interrupted)
    : command_(std::move(command)), timeout_(timeout), interrupted_(std::move(interrupted)) {}

ports::Answer<ports::ProbeAccepted> ExecProbe::attempt(const AccessKey& key) {
    // Without anything that names another key.
    subprocess::Command command{
        .text = command_,
        .without = {"AWS_SESSION_TOKEN", "AWS_SECURITY_TOKEN", "AWS_PROFILE", "AWS_DEFAULT_PROFILE"},
        .timeout = timeout_,
        .interrupted = interrupted_};
    command.with.push_back(variable("AWS_ACCESS_KEY_ID", key.id.text()));
    command.with.push_back(variable("AWS_SECRET_ACCESS_KEY", key.secret.reveal()));
    if (!key.session_token.empty())
        command.with.push_back(variable("AWS_SESSION_TOKEN", key.session_token.reveal()));
    const auto ended = subprocess::run(command);
    if (!ended && !ended.error().was_started) return {ports::NotSent{ended.error().reason}};
    if (!ended) return {ports::Indeterminate{ended.error().reason}};
    if (ended->status == 0) return {ports::ProbeAccepted{}};
    return {ports::Refused{"ExecFailed", ended->in_words()}};
}

}  // namespace keytide::aws
