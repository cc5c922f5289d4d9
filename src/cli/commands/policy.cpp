#include <fmt/format.h>

#include <algorithm>

#include "aws/endpoint.hpp"
#include "cli/commands.hpp"
#include "cli/policy_text.hpp"
#include "cli/user_name.hpp"
#include "credentials/settings.hpp"

namespace keytide::cli {

using namespace rotation;

namespace {

// ARNs name it, and the region tells it.
Result<std::string> partition_in_use(const Session& session) {
    const auto files = credentials::load_profile_files(session.environment);
    if (!files) return std::unexpected(files.error());
    const auto& e = session.everywhere;
    const auto settings =
        credentials::resolve_settings({e.profile, e.region, {}, {}}, session.environment, *files);
    if (!settings) return std::unexpected(settings.error());
    return settings->region ? aws::partition_of(settings->region->value) : "aws";
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
    auto partition = partition_in_use(session);
    if (!partition) return failure(partition.error());
    const auto role = asked.administrator ? Role::administrator : Role::user;
    auto needed = needed_permissions(role, asked.without);
    if (!needed) return failure(needed.error());
    const PolicyText policy{role, std::move(*partition), asked.user_name, std::move(*needed)};
    auto text = policy.in(asked.format);
    if (asked.format == PolicyFormat::json && session.everywhere.output == Output::text)
        explain(policy, session.terminal);
    Report report{.text = text};
    report.policy = PrintedPolicy{std::move(text), role, std::move(policy.needed)};
    return report;
}

}  // namespace keytide::cli
