#include "destinations/open_destination.hpp"

#include <fmt/format.h>

#include "destinations/credentials_file_destination.hpp"
#include "destinations/env_file_destination.hpp"

namespace keytide::destinations {
namespace {

using Opened = Result<std::unique_ptr<ports::Destination>>;

EnvFormat env_format(const std::string& name) {
    if (name == "dotenv") return EnvFormat::dotenv;
    return name == "systemd" ? EnvFormat::systemd : EnvFormat::shell;
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
    if ((uri.kind == "secretsmanager" || uri.kind == "ssm") && means.open_store) return means.open_store(uri);
    return usage_error(fmt::format("'{}' cannot be delivered to here", uri.text()));
}

}  // namespace

Opened open_destination(std::string_view text, const Means& means) {
    const auto uri = parse_destination_uri(text, means.origin);
    if (!uri) return std::unexpected(uri.error());
    return open(*uri, means);
}

}  // namespace keytide::destinations
