#include "cli/named_key.hpp"

#include <fmt/format.h>

#include "cli/context.hpp"
#include "cli/wiring.hpp"
#include "credentials/regular_file.hpp"

namespace keytide::cli {
namespace {

namespace fs = std::filesystem;

Result<fs::path> path_of(const Session& session) {
    if (session.everywhere.config) return fs::absolute(*session.everywhere.config);
    const auto folders = session.folders();
    if (!folders) return std::unexpected(folders.error());
    return folders->config / "keytide.yaml";
}

// Destinations that no command could open are findings, too.
void make_canonical(const Session& session, FoundConfiguration& found) {
    std::vector<configuration::Finding> findings;
    const auto folder = fs::path(found.path).parent_path();
    for (auto& key : found.what->keys) {
        const auto make_all = [&](std::vector<std::string>& uris, const auto& canonical_form) {
            for (auto& uri : uris) {
                auto canonical = canonical_form(session, uri, folder);
                if (canonical)
                    uri = std::move(*canonical);
                else
                    findings.push_back({key.line,
                                        fmt::format("the key '{}': {}", key.name, canonical.error().message),
                                        canonical.error().hint});
            }
        };
        make_all(key.destinations, canonical_destination);
        make_all(key.on_delivered, canonical_notice);
    }
    if (!findings.empty()) found.what = std::unexpected(std::move(findings));
}

}  // namespace

Result<FoundConfiguration> find_configuration(const Session& session) {
    const auto path = path_of(session);
    if (!path) return std::unexpected(path.error());
    const auto content = credentials::read_regular_file(*path);
    if (!content) return std::unexpected(content.error());
    if (!*content)
        return usage_error("there is no " + path->string(),
                           "'keytide config schema' says what stands in it, --config names another file");
    FoundConfiguration found{*path, configuration::parse((*content)->bytes)};
    if (found.what) make_canonical(session, found);
    return found;
}

Result<configuration::Configuration> configuration_in_force(const Session& session) {
    auto found = find_configuration(session);
    if (!found) return std::unexpected(found.error());
    if (found->what) return std::move(*found->what);
    const auto& first = found->what.error().front();
    return usage_error(fmt::format("{}:{}: {}", found->path, first.line, first.message),
                       first.hint.empty() ? "'keytide config check' tells all that is wrong" : first.hint);
}

Result<configuration::Key> use_named_key(Session& session, const std::string& name) {
    if (session.everywhere.profile)
        return usage_error("both the key " + name + " and --profile are given",
                           "keytide.yaml says which profile is the key's");
    auto all = configuration_in_force(session);
    if (!all) return std::unexpected(all.error());
    if (const auto* key = all->find(name)) {
        session.everywhere.profile = key->profile;
        return *key;
    }
    std::vector<std::string> names;
    for (const auto& key : all->keys) names.push_back(key.name);
    const auto meant = configuration::nearest(name, names);
    return usage_error(
        "keytide.yaml has no key '" + name + "'",
        meant ? "did you mean '" + *meant + "'?" : "'keytide config show' lists those that it has");
}

Result<AccessKey> key_in_use(Session& session, const configuration::Key& key) {
    session.everywhere.profile = key.profile;
    if (!key.user_name) {
        auto context = find_context(session, credentials::KeyUse::rotate);
        if (!context) return std::unexpected(context.error());
        return std::move(context->source.key);
    }
    const auto context = find_context(session, credentials::KeyUse::sign);
    if (!context) return std::unexpected(context.error());
    for (const auto& uri : key.destinations) {
        auto held = key_held_at(session, context->connection, uri);
        if (!held) return std::unexpected(held.error());
        if (*held) return std::move(**held);
    }
    return usage_error("no destination of the key " + key.name + " holds a key that can be read",
                       "'keytide issue' makes a first one for a user that has none");
}

}  // namespace keytide::cli
