#include <fmt/format.h>

#include <algorithm>

#include "cli/audited.hpp"

namespace keytide::cli {

using namespace compliance;

namespace {

constexpr std::size_t most_unseen = 10;

std::string label(const Control& control) {
    const auto standard = control.standard;
    return standard.starts_with("cis-") ? fmt::format("{} {}", standard, control.id)
                                        : std::string(control.id);
}

std::string key_of(const Finding& finding) {
    if (!finding.key) return "";
    return finding.key->id ? finding.key->id->text() : "(a key)";
}

std::string standing(const Tally& tally) {
    if (tally.control.rule == Rule::better_as_role) return fmt::format("{} looked at", tally.looked_at);
    if (tally.failed + tally.unknown == 0) return fmt::format("{} passed", tally.looked_at);
    auto text = fmt::format("{} of {} failed", tally.failed, tally.looked_at);
    if (tally.unknown > 0) text += fmt::format(", {} not known", tally.unknown);
    return text;
}

}  // namespace

std::string in_lines(const Audited& audited) {
    const auto& survey = audited.survey;
    const auto& assessment = audited.assessment;
    std::size_t labels = 0, users = 0, keys = 0, standings = 0;
    for (const auto& tally : assessment.tallies) {
        labels = std::max(labels, label(tally.control).size());
        standings = std::max(standings, standing(tally).size());
    }
    for (const auto& finding : assessment.findings) {
        users = std::max(users, std::max<std::size_t>(finding.user.size(), 6));
        keys = std::max(keys, key_of(finding).size());
    }

    auto text =
        fmt::format("account {} at {}, {} users, {}\n", survey.account.id.empty() ? "?" : survey.account.id,
                    to_rfc3339(assessment.at), survey.account.users.size(),
                    survey.report_of ? "by the credential report of " + to_rfc3339(*survey.report_of)
                                     : std::string("by the lists of users and keys"));
    for (const auto& finding : assessment.findings) {
        text += fmt::format("{:<8}  {:<{}}  {:<{}}  {:<{}}  {}\n", to_text(finding.verdict),
                            label(finding.control), labels, finding.user.empty() ? "(root)" : finding.user,
                            users, key_of(finding), keys, finding.message);
        if (!finding.hint.empty()) text += fmt::format("{:<8}  -> {}\n", "", finding.hint);
    }
    text += "\n";
    for (const auto& tally : assessment.tallies)
        text += fmt::format("{:<{}}  {:<{}}  {}\n", label(tally.control), labels, standing(tally), standings,
                            tally.control.title);
    for (std::size_t i = 0; i < std::min(survey.unseen.size(), most_unseen); ++i)
        text += "not seen: " + survey.unseen[i] + "\n";
    if (survey.unseen.size() > most_unseen)
        text += fmt::format("not seen: {} more, all of which --output json tells\n",
                            survey.unseen.size() - most_unseen);
    const auto failed = assessment.count(Verdict::failed), unknown = assessment.count(Verdict::unknown);
    text += failed == 0 ? "no findings" : fmt::format("{} finding{}", failed, failed == 1 ? "" : "s");
    if (unknown > 0) text += fmt::format(", {} not known", unknown);
    return text;
}

}  // namespace keytide::cli
