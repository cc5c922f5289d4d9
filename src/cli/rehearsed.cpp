#include "cli/rehearsed.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace keytide::cli {
namespace {

void add_list(std::string& text, std::string_view title, const std::vector<std::string>& lines) {
    if (lines.empty()) return;
    text += title;
    for (const auto& line : lines) text += "\n  " + line;
    text += '\n';
}

}  // namespace

std::string in_words(const Rehearsed& r) {
    auto text = fmt::format("{} in a copy of its account (users: {}, groups: {}, managed policies: {}).\n",
                            r.user, r.users, r.groups, r.policies);
    add_list(text, "Not copied:", r.unseen);
    add_list(text, "A file stands in for each place, and nothing is written there:", r.stood_in_for);
    add_list(text, "Left out:", r.left_out);
    for (std::size_t i = 0; i < r.scenes.size(); ++i) {
        const auto& scene = r.scenes[i];
        text += fmt::format("\n{}. {}\n", i + 1, scene.what);
        // The others differ from the first by what their outcome tells.
        if (i == 0 || scene.exit_code != 0)
            for (const auto& line : scene.timeline) text += line + "\n";
        text += fmt::format("   {} (after {})\n", scene.outcome, keytide::to_text(scene.took));
    }
    if (r.asked.empty()) return text + "\nNothing would be asked of a person.";
    text += "\nWhat would be asked of a person:";
    for (const auto& question : r.asked) text += "\n  " + question;
    return text;
}

}  // namespace keytide::cli
