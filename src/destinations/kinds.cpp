#include "destinations/kinds.hpp"

#include <algorithm>

namespace keytide::destinations {
namespace {

// The names that the SDKs read from the environment, and so those of the variables that a Secret or a
// workflow gives to a program.
const Parameter id{.name = "id", .usual = "AWS_ACCESS_KEY_ID"};
const Parameter secret{.name = "secret", .usual = "AWS_SECRET_ACCESS_KEY"};
// Of the rotation's region, unless there is one of one's own.
const Parameter endpoint{.name = "endpoint", .value = Value::url};
const Parameter profile{.name = "profile", .usual = "default"};
// Of a command.
const Parameter folder{.name = "folder", .usual = ".", .value = Value::file};
const Parameter timeout{.name = "timeout", .usual = "60s"};

}  // namespace

std::span<const Kind> kinds() {
    static const std::vector<Kind> all{
        {"credentials-file", "PATH", Value::file, {profile}},
        {"config-file", "PATH", Value::file, {profile}},
        {"env-file",
         "PATH",
         Value::file,
         {{.name = "format", .usual = "export", .allowed = {"export", "dotenv", "systemd"}}}},
        {"file",
         "PATH",
         Value::file,
         {{.name = "format", .allowed = {"json", "yaml", "ini"}, .required = true},
          {.name = "id", .required = true},
          {.name = "secret", .required = true}}},
        {"template", "PATH", Value::file, {{.name = "from", .required = true, .value = Value::file}}},
        {"exec",
         "COMMAND",
         Value::command,
         {folder, {.name = "read", .usual = "yes", .allowed = {"yes", "no"}}, timeout}},
        {"secretsmanager", "NAME", Value::text, {id, secret, endpoint}},
        {"ssm", "/NAME", Value::text, {id, secret, endpoint}},
        {"kubernetes",
         "NAMESPACE/NAME",
         Value::text,
         {id,
          secret,
          {.name = "context"},
          {.name = "kubeconfig", .variable = "KUBECONFIG", .value = Value::file}}},
        {"vault",
         "MOUNT/PATH",
         Value::text,
         {id,
          secret,
          {.name = "address", .variable = "VAULT_ADDR", .required = true, .value = Value::url},
          {.name = "mount"},
          {.name = "namespace", .variable = "VAULT_NAMESPACE"}}},
        {"github",
         "OWNER/REPO",
         Value::text,
         {id,
          secret,
          {.name = "api",
           .usual = "https://api.github.com",
           .variable = "GITHUB_API_URL",
           .value = Value::url},
          {.name = "environment"}}},
        {"person", "RECIPIENT", Value::text, {{.name = "send", .value = Value::command}, {.name = "remind"}}},
        {"notify-command", "COMMAND", Value::command, {folder, timeout}, true},
        {"notify-signal",
         "PID_FILE",
         Value::file,
         {{.name = "signal", .usual = "HUP", .allowed = {"HUP", "USR1", "USR2"}}},
         true},
        {"notify-unit",
         "UNIT",
         Value::text,
         {{.name = "do", .usual = "reload", .allowed = {"reload", "restart", "reload-or-restart"}},
          {.name = "manager", .usual = "system", .allowed = {"system", "user"}},
          timeout},
         true},
        {"notify-url", "URL", Value::url, {{.name = "token-file", .value = Value::file}}, true},
    };
    return all;
}

std::span<const Parameter> parameters_of_all() {
    static const std::vector<Parameter> all{{.name = "as", .allowed = {"ses-smtp"}}, {.name = "region"}};
    return all;
}

const Kind* find_kind(std::string_view name) {
    const auto all = kinds();
    const auto found = std::ranges::find(all, name, &Kind::name);
    return found == all.end() ? nullptr : &*found;
}

}  // namespace keytide::destinations
