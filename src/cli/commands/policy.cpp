#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <filesystem>

#include "aws/endpoint.hpp"
#include "cli/commands.hpp"
#include "cli/policy_text.hpp"
#include "cli/user_name.hpp"
#include "credentials/settings.hpp"

namespace keytide::cli {

using namespace rotation;

namespace {

// ARNs name both.
struct Where {
    std::string partition = "aws", region;
};

Result<Where> where_in_use(const Session& session) {
    const auto files = credentials::load_profile_files(session.environment);
    if (!files) return std::unexpected(files.error());
    const auto& e = session.everywhere;
    const auto settings =
        credentials::resolve_settings({e.profile, e.region, {}, {}}, session.environment, *files);
    if (!settings) return std::unexpected(settings.error());
    if (!settings->region) return Where{};
    auto partition = aws::partition_of(settings->region->value);
    if (!partition) return std::unexpected(partition.error());
    return Where{std::move(*partition), settings->region->value};
}

// What AWS lets names be holds nothing that a policy would have to escape.
bool is_plain(std::string_view text) {
    return std::ranges::all_of(text, [](char c) {
        return std::isalnum(static_cast<unsigned char>(c)) != 0 ||
               std::string_view("-/_+=.@!:*?").find(c) != std::string_view::npos;
    });
}

Result<std::vector<destinations::StorePermissions>> needed_at(const std::vector<std::string>& uris,
                                                              const Where& where) {
    std::vector<destinations::StorePermissions> all;
    for (const auto& text : uris) {
        const auto uri = destinations::parse_destination_uri(text, {std::filesystem::current_path(), "", {}});
        if (!uri) return std::unexpected(uri.error());
        auto needed = destinations::permissions_at(*uri, where.partition, where.region);
        if (!needed) continue;
        if (!std::ranges::all_of(needed->resources, is_plain))
            return usage_error("'" + text + "' is no name that AWS allows");
        all.push_back(std::move(*needed));
    }
    return all;
}

Result<std::vector<const Permission*>> needed_permissions(Role role,
                                                          const std::vector<std::string>& without) {
    std::vector<const Permission*> needed;
    std::string names;
    for (const auto& p : permissions()) {
        if (p.needed_by(role) == Need::optional) names += (names.empty() ? "" : ", ") + std::string(p.name);
        const auto is_left_out = [&](const std::string& name) { return name == "all" || name == p.name; };
        const bool wanted = p.needed_by(role) == Need::optional && std::ranges::none_of(without, is_left_out);
        if (p.needed_by(role) == Need::required || wanted) needed.push_back(&p);
    }
    for (const auto& name : without)
        if (name != "all" && std::ranges::none_of(permissions(), [&](const Permission& p) {
                return p.needed_by(role) == Need::optional && p.name == name;
            }))
            return usage_error("there is no guarantee '" + name + "' to be left out",
                               "--without takes " + names + " and all");
    return needed;
}

// JSON has no comments.
void explain(const PolicyText& policy, const Terminal& terminal) {
    for (const auto& p : permissions()) {
        const bool printed = std::ranges::find(policy.needed, &p) != policy.needed.end();
        if (p.needed_by(policy.role) == Need::unused) continue;
        const auto what = p.needed_by(policy.role) == Need::required
                              ? "required: " + std::string(p.with)
                              : fmt::format("{}: {}", p.name, printed ? p.with : p.without);
        terminal.say(fmt::format("{} {:<24}  {}", printed ? " " : "-", p.action, what));
    }
}

}  // namespace

Report print_policy(const PolicyPrint& asked, Session& session) {
    if (asked.user_name && !is_user_name(*asked.user_name)) return failure(no_user_name(*asked.user_name));
    const auto where = where_in_use(session);
    if (!where) return failure(where.error());
    const auto role = asked.administrator ? Role::administrator : Role::user;
    auto needed = needed_permissions(role, asked.without);
    if (!needed) return failure(needed.error());
    auto stores = needed_at(asked.deliver, *where);
    if (!stores) return failure(stores.error());
    const PolicyText policy{role, where->partition, asked.user_name, std::move(*needed), std::move(*stores)};
    auto text = policy.in(asked.format);
    if (asked.format == PolicyFormat::json && session.everywhere.output == Output::text)
        explain(policy, session.terminal);
    Report report{.text = text};
    report.policy = PrintedPolicy{std::move(text), role, std::move(policy.needed)};
    return report;
}

}  // namespace keytide::cli
