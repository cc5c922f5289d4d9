#include "destinations/open_destination.hpp"

#include <fmt/format.h>

#include "destinations/credentials_file_destination.hpp"
#include "destinations/env_file_destination.hpp"
#include "destinations/exec_destination.hpp"
#include "destinations/github_destination.hpp"
#include "destinations/kinds.hpp"
#include "destinations/kubernetes_destination.hpp"
#include "destinations/notice.hpp"
#include "destinations/person_destination.hpp"
#include "destinations/ses_smtp_destination.hpp"
#include "destinations/template_destination.hpp"
#include "destinations/value_file_destination.hpp"
#include "destinations/vault_destination.hpp"

namespace keytide::destinations {
namespace {

using Opened = Result<std::unique_ptr<ports::Destination>>;

EnvFormat env_format(const std::string& name) {
    if (name == "dotenv") return EnvFormat::dotenv;
    return name == "systemd" ? EnvFormat::systemd : EnvFormat::shell;
}

ValueFormat value_format(const std::string& name) {
    if (name == "yaml") return ValueFormat::yaml;
    return name == "ini" ? ValueFormat::ini : ValueFormat::json;
}

Opened open_exec(const DestinationUri& uri, const Means& means) {
    const auto timeout = timeout_of(uri);
    if (!timeout) return std::unexpected(timeout.error());
    return exec_destination({uri.text(), uri.path, uri.value("folder"), uri.value("read") == "yes", *timeout},
                            means.interrupted);
}

Opened open(const DestinationUri& uri, const Means& means) {
    const auto in_file = [&](std::unique_ptr<KeyText> text) {
        return file_destination(uri.text(), uri.path, std::move(text));
    };
    if (uri.kind == "credentials-file")
        return in_file(profile_text(uri.path, credentials::FileKind::credentials, uri.value("profile")));
    if (uri.kind == "config-file")
        return in_file(profile_text(uri.path, credentials::FileKind::config, uri.value("profile")));
    if (uri.kind == "env-file") return in_file(env_text(uri.path, env_format(uri.value("format"))));
    if (uri.kind == "file")
        return in_file(
            value_text(uri.path, value_format(uri.value("format")), uri.value("id"), uri.value("secret")));
    if (uri.kind == "template") return in_file(template_text(uri.path, uri.value("from")));
    if (uri.kind == "exec") return open_exec(uri, means);
    if (uri.kind == "kubernetes") return kubernetes_destination(uri, means);
    if (uri.kind == "vault") return vault_destination(uri, means);
    if (uri.kind == "github") return github_destination(uri, means);
    if (find_kind(uri.kind)->is_notice) return notice(uri, means);
    if (uri.kind == "person" && !means.outbox.empty()) return person_destination(uri, means);
    if ((uri.kind == "secretsmanager" || uri.kind == "ssm") && means.open_store) return means.open_store(uri);
    return usage_error(fmt::format("'{}' cannot be delivered to here", uri.text()));
}

}  // namespace

Opened open_destination(std::string_view text, const Means& means) {
    const auto uri = parse_destination_uri(text, means.origin);
    if (!uri) return std::unexpected(uri.error());
    auto opened = open(*uri, means);
    if (!opened || !uri->parameters.contains("as")) return opened;
    return ses_smtp_destination(uri->value("region"), std::move(*opened));
}

}  // namespace keytide::destinations
