// One page that stands alone: no script, nothing loaded, fit to be sent to an auditor or printed.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "cli/audited.hpp"
#include "cli/bar_chart.hpp"
#include "cli/rotations_chart.hpp"
#include "compliance/outlook.hpp"

namespace keytide::cli {

using namespace compliance;

namespace {

constexpr int limit_days = 90;  // of IAM.3 and its kin
constexpr Duration limit = std::chrono::hours{24} * limit_days;

constexpr std::string_view head = R"(<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Access keys of account {0}</title>
<style>
:root {{ color-scheme: light dark; --ink: #1c2733; --paper: #fff; --soft: #d5dbe1; --bar: #2f6f9f; --late: #c0392b; --good: #2d7d46; }}
@media (prefers-color-scheme: dark) {{ :root {{ --ink: #e6ebf0; --paper: #14191f; --soft: #3a444f; --bar: #6cb0e0; --late: #ef7a6d; --good: #74c58e; }} }}
body {{ font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); max-width: 62rem; margin: 2rem auto; padding: 0 1rem; }}
h1 {{ font-size: 1.5rem; margin-bottom: 0; }} h2 {{ font-size: 1.1rem; margin-top: 2rem; }}
table {{ border-collapse: collapse; width: 100%; }}
th, td {{ text-align: left; vertical-align: top; padding: .35rem .6rem .35rem 0; border-bottom: 1px solid var(--soft); }}
td.name {{ overflow-wrap: anywhere; min-width: 7rem; }} td.words {{ overflow-wrap: anywhere; }}
code {{ font: .85em ui-monospace, monospace; }} .hint {{ opacity: .75; }}
.failed {{ color: var(--late); font-weight: 600; }} .unknown {{ font-weight: 600; }} .passed {{ color: var(--good); }}
svg {{ width: 100%; height: auto; }} svg text {{ fill: var(--ink); font-size: 11px; }}
svg .grid {{ stroke: var(--soft); }} svg .bar {{ fill: var(--bar); }} svg .late {{ fill: var(--late); }}
svg line.limit {{ stroke: var(--late); stroke-dasharray: 4 3; }} svg text.limit {{ fill: var(--late); }}
svg .side {{ text-anchor: end; }} svg .foot, svg .across {{ text-anchor: middle; }}
</style>
</head>
<body>
)";

std::string ages(const Outlook& seen) {
    BarChart chart{.title = fmt::format("Active access keys by age: {} of {} are older than {} days",
                                        seen.overdue, seen.keys, limit_days),
                   .across = "age in days",
                   .line_label = fmt::format("{} days", limit_days)};
    for (std::size_t i = 0; i < seen.ages.size(); ++i) {
        const auto& [from, to, keys] = seen.ages[i];
        const bool last = i + 1 == seen.ages.size();
        if (from == limit_days) chart.line_before = i;
        chart.bars.push_back({i % 3 == 0 ? fmt::format("{}{}", from, last ? "+" : "") : "",
                              last ? fmt::format("{} days and more: {}", from, keys)
                                   : fmt::format("{} to {} days: {}", from, to - 1, keys),
                              keys, from >= limit_days});
    }
    return to_svg(chart);
}

std::string day(Instant at) {
    return to_rfc3339(at).substr(0, 10);
}

std::string due(const Outlook& seen) {
    constexpr std::size_t most_names = 20;
    BarChart chart{.title = fmt::format("Access keys that reach {} days, by week", limit_days),
                   .across = "week from"};
    for (std::size_t i = 0; i < seen.weeks.size(); ++i) {
        const auto& [begins, users] = seen.weeks[i];
        const std::vector<std::string> named(users.begin(),
                                             users.begin() + long(std::min(users.size(), most_names)));
        chart.bars.push_back(
            {i % 2 == 0 ? day(begins).substr(5) : "",
             fmt::format("week from {}: {}{}{}{}", day(begins), users.size(), users.empty() ? "" : ": ",
                         fmt::join(named, ", "), users.size() > most_names ? " and others" : ""),
             users.size()});
    }
    return to_svg(chart);
}

std::string controls(const Assessment& assessment) {
    std::string rows;
    for (const auto& [control, looked_at, failed, unknown] : assessment.tallies) {
        const auto* word = control.rule == Rule::better_as_role ? ""
                           : failed > 0                         ? "failed"
                           : unknown > 0                        ? "unknown"
                                                                : "passed";
        rows += fmt::format(
            "<tr><td>{} {}</td><td>{}</td><td class=\"{}\">{}</td><td>{}</td><td>{}</td><td>{}</td></tr>\n",
            control.standard, control.id, control.title, word, *word != '\0' ? word : "advice", looked_at,
            failed, unknown);
    }
    return "<table><thead><tr><th>control</th><th></th><th></th><th>looked at</th><th>failed</th><th>not "
           "known</th></tr></thead><tbody>\n" +
           rows + "</tbody></table>\n";
}

std::string findings(const Assessment& assessment) {
    if (assessment.findings.empty()) return "<p>None.</p>\n";
    std::string rows;
    for (const auto& finding : assessment.findings) {
        const auto verdict = to_text(finding.verdict);
        rows += fmt::format(
            "<tr><td class=\"{0}\">{0}</td><td>{1} {2}</td><td "
            "class=\"name\">{3}</td><td><code>{4}</code></td>"
            "<td class=\"words\">{5}",
            verdict, finding.control.standard, finding.control.id,
            finding.user.empty() ? "(root)" : escaped(finding.user),
            finding.key && finding.key->id ? finding.key->id->text() : "", escaped(finding.message));
        if (!finding.hint.empty())
            rows += fmt::format("<br><span class=\"hint\">{}</span>", escaped(finding.hint));
        rows += "</td></tr>\n";
    }
    return "<table><thead><tr><th></th><th>control</th><th>user</th><th>access key</th><th></th></tr></thead>"
           "<tbody>\n" +
           rows + "</tbody></table>\n";
}

}  // namespace

std::string in_html(const Audited& audited) {
    const auto& survey = audited.survey;
    const auto& assessment = audited.assessment;
    const auto seen = outlook(survey.account, limit, assessment.at);
    auto page = fmt::format(fmt::runtime(head), escaped(survey.account.id));
    page += fmt::format("<h1>Access keys of account {}</h1>\n<p>{} users and {} active keys at {}, {}.</p>\n",
                        escaped(survey.account.id), survey.account.users.size(), seen.keys,
                        to_rfc3339(assessment.at),
                        survey.report_of ? "by the credential report of " + to_rfc3339(*survey.report_of)
                                         : std::string("by the lists of users and keys"));
    page += "<h2>How old the keys are</h2>\n" + ages(seen);
    page += "<h2>What falls due each week</h2>\n" + due(seen);
    const auto time_line = rotations_chart(audited.rotations, assessment.at - limit, assessment.at);
    if (!time_line.empty()) page += "<h2>Rotations of the last 90 days</h2>\n" + time_line;
    page += "<h2>Controls</h2>\n" + controls(assessment);
    page += "<h2>Findings</h2>\n" + findings(assessment);
    if (!survey.unseen.empty()) {
        page += "<h2>Not seen</h2>\n<ul>\n";
        for (const auto& each : survey.unseen) page += fmt::format("<li>{}</li>\n", escaped(each));
        page += "</ul>\n";
    }
    return page + "</body>\n</html>";
}

}  // namespace keytide::cli
