#include "cli/context.hpp"

#include <filesystem>

#include "aws/endpoint.hpp"
#include "http/proxy.hpp"

namespace keytide::cli {
namespace {

std::string value_of(const std::optional<credentials::Setting>& setting) {
    return setting ? setting->value : "";
}

Result<void> check_endpoints(rotation::Connection& c, const credentials::Environment& environment) {
    using aws::Service;
    for (const auto& [service, url] : {std::pair{Service::iam, &c.iam_endpoint},
                                       {Service::sts, &c.sts_endpoint},
                                       {Service::s3, &c.s3_endpoint}}) {
        const auto endpoint = aws::endpoint_for(service, *url, c.region, c.partition);
        if (!endpoint) return std::unexpected(endpoint.error());
        c.through_proxy = c.through_proxy || http::through_proxy(endpoint->url, environment);
    }
    return {};
}

}  // namespace

Result<rotation::Connection> connection_of(const credentials::Settings& settings) {
    rotation::Connection c{.region = value_of(settings.region),
                           .iam_endpoint = value_of(settings.iam),
                           .sts_endpoint = value_of(settings.sts),
                           .s3_endpoint = value_of(settings.s3),
                           .ca_bundle = value_of(settings.ca_bundle)};
    if (!c.region.empty()) {
        const auto partition = aws::partition_of(c.region);
        if (!partition) return std::unexpected(partition.error());
        c.partition = *partition;
    }
    // It is recorded, and a rotation may be resumed from another folder. A ~ is the shell's to expand:
    // botocore takes it as it is, too.
    if (!c.ca_bundle.empty()) c.ca_bundle = std::filesystem::absolute(c.ca_bundle);
    return c;
}

Result<Context> find_context(Session& session, credentials::KeyUse use) {
    auto files = credentials::load_profile_files(session.environment);
    if (!files) return std::unexpected(files.error());
    const auto& e = session.everywhere;
    auto settings = credentials::resolve_settings({e.profile, e.region, e.endpoint_url, e.ca_bundle},
                                                  session.environment, *files);
    if (!settings) return std::unexpected(settings.error());
    auto source = credentials::find_key(*settings, session.environment, *files, use);
    if (!source) return std::unexpected(source.error());
    auto connection = connection_of(*settings);
    if (!connection) return std::unexpected(connection.error());
    if (const auto ok = check_endpoints(*connection, session.environment); !ok)
        return std::unexpected(ok.error());
    return Context{std::move(*files), std::move(*settings), std::move(*source), std::move(*connection)};
}

}  // namespace keytide::cli
