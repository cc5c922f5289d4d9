#include <fmt/format.h>
#include <fmt/ranges.h>

#include "cli/commands.hpp"
#include "cli/exit_code.hpp"
#include "cli/named_key.hpp"
#include "configuration/schema.hpp"

namespace keytide::cli {
namespace {

std::string in_words(const configuration::Key& key) {
    auto text = key.name + ": ";
    text += key.user_name
                ? fmt::format("the user {}, signed for by the profile {}", *key.user_name, key.profile)
                : "the profile " + key.profile;
    for (const auto& uri : key.destinations) text += "\n    delivered to " + uri;
    for (const auto& uri : key.on_delivered) text += "\n    then told: " + uri;
    text += "\n    credentials last " + keytide::to_text(key.lifetime);
    if (!key.consumers.empty()) text += fmt::format("\n    served to {}", fmt::join(key.consumers, ", "));
    return text;
}

Report findings_of(FoundConfiguration found) {
    Report report{.exit_code = exit_code::findings};
    for (const auto& finding : found.what.error()) {
        report.text += (report.text.empty() ? "" : "\n") +
                       fmt::format("{}:{}: {}", found.path, finding.line, finding.message);
        if (!finding.hint.empty()) report.text += " (" + finding.hint + ")";
    }
    report.configuration = std::move(found);
    return report;
}

}  // namespace

Report check_config(Session& session) {
    auto found = find_configuration(session);
    if (!found) return failure(found.error());
    if (!found->what) return findings_of(std::move(*found));
    Report report{.text = fmt::format("{}: {} key{}", found->path, found->what->keys.size(),
                                      found->what->keys.size() == 1 ? "" : "s")};
    report.configuration = std::move(*found);
    return report;
}

Report show_config(Session& session) {
    auto found = find_configuration(session);
    if (!found) return failure(found.error());
    if (!found->what) return findings_of(std::move(*found));
    Report report;
    for (const auto& key : found->what->keys)
        report.text += (report.text.empty() ? "" : "\n") + in_words(key);
    if (found->what->keys.empty()) report.text = found->path + ": no keys";
    report.configuration = std::move(*found);
    return report;
}

Report print_config_schema(Session&) {
    std::string schema = configuration::schema;
    if (schema.ends_with('\n')) schema.pop_back();
    return {.text = schema, .schema = schema};
}

}  // namespace keytide::cli
