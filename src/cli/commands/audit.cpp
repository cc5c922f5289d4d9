#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "cli/commands.hpp"
#include "cli/context.hpp"
#include "cli/exit_code.hpp"
#include "cli/rotations.hpp"
#include "cli/wiring.hpp"
#include "orchestrator/patience.hpp"

namespace keytide::cli {

using compliance::Account;
using compliance::Assessment;
using compliance::Rule;
using compliance::Verdict;

namespace {

using namespace std::chrono_literals;

constexpr orchestrator::Patience patience{.attempts = 6, .base = 500ms, .cap = 10s, .last_beginning = 60s};

using Controls = std::vector<compliance::Control>;

bool have(const Controls& controls, std::initializer_list<Rule> rules) {
    return std::ranges::any_of(controls, [&](const compliance::Control& control) {
        return std::ranges::find(rules, control.rule) != rules.end();
    });
}

std::vector<AccessKeyId> keys_of(const rotation::Rotation& r) {
    std::vector<AccessKeyId> keys;
    if (r.request.old_key) keys.push_back(*r.request.old_key);
    if (r.new_key) keys.push_back(*r.new_key);
    return keys;
}

// What our own ledger knows of this account's users.
std::vector<rotation::Rotation> add_rotations(Session& session, orchestrator::AccountSurvey& survey) {
    auto recorded = recorded_rotations(session);
    if (!recorded) {
        survey.unseen.push_back("rotations in progress (" + recorded.error().message + ")");
        return {};
    }
    auto& account = survey.account;
    std::erase_if(*recorded,
                  [&](const rotation::Rotation& r) { return r.request.user.account != account.id; });
    for (const auto& r : *recorded) {
        if (r.phase != rotation::Phase::ended)
            account.rotating.push_back({r.id, r.request.user_name, keys_of(r)});
        if (!r.maybe_orphan) continue;
        auto known = keys_of(r);
        if (r.first_keys)
            for (const auto& key : *r.first_keys) known.push_back(key.id);
        account.unclaimed.push_back({r.id, r.request.user_name, r.started, r.changed, std::move(known)});
    }
    return std::move(*recorded);
}

// Whose keys are worth a call.
std::set<std::string> to_look_at_closer(const Assessment& assessment, const Account& account) {
    std::set<std::string> users;
    for (const auto& finding : assessment.findings)
        if (finding.verdict == Verdict::failed || finding.verdict == Verdict::unknown)
            users.insert(finding.user);
    for (const auto& each : account.rotating) users.insert(each.user);
    for (const auto& each : account.unclaimed) users.insert(each.user);
    return users;
}

Result<Audited> audited(const Controls& controls, bool live, const Context& context, Session& session) {
    const auto wiring = Wiring::open(session, context.connection, {}, {});
    if (!wiring) return std::unexpected(wiring.error());
    const orchestrator::AccountDoors doors{(*wiring)->account_records(), (*wiring)->doors().access_keys,
                                           session.aws_clock, session.entropy};
    const orchestrator::WantedOfAccount wanted{
        .live = live,
        .root = have(controls, {Rule::root_key}),
        .last_uses =
            have(controls, {Rule::unused, Rule::inactive_key, Rule::orphan_key, Rule::better_as_role}),
        .tags = have(controls, {Rule::better_as_role})};

    auto survey = orchestrator::survey_account(doors, context.source.key, wanted);
    if (!survey) return std::unexpected(survey.error());
    auto rotations = add_rotations(session, *survey);
    const auto first = compliance::assess(survey->account, controls, session.aws_clock.now());
    const auto users = to_look_at_closer(first, survey->account);
    if (const auto ok = orchestrator::look_closer(doors, context.source.key, wanted, users, *survey); !ok)
        return std::unexpected(ok.error());
    auto assessment = compliance::assess(survey->account, controls, session.aws_clock.now());
    auto region = context.connection.region;
    if (region.empty()) region = "us-east-1";
    return Audited{std::move(*survey), std::move(assessment), std::move(region), std::move(rotations)};
}

// A hundred a call.
Result<std::size_t> send(const Audited& audited, const Context& context, Session& session) {
    constexpr std::size_t most = 100;
    const auto sink = open_findings_sink(session, context, audited.region);
    if (!sink) return std::unexpected(sink.error());
    const auto all = asff_of(audited);
    std::size_t taken = 0;
    std::vector<std::string> refused;
    for (std::size_t i = 0; i < all.size(); i += most) {
        const std::vector<std::string> some(all.begin() + long(i),
                                            all.begin() + long(std::min(all.size(), i + most)));
        const auto answer = orchestrator::patiently(patience, session.aws_clock, session.entropy, [&] {
            return (*sink)->import(context.source.key, some);
        });
        const auto* imported = answer.done();
        if (imported == nullptr)
            return failed(
                fmt::format("Security Hub in {} took {} of {} findings, and then: {}", audited.region, taken,
                            all.size(), why(answer)),
                "Security Hub must be enabled there, and securityhub:BatchImportFindings allowed; the audit "
                "itself is told all the same");
        taken += imported->taken;
        refused.insert(refused.end(), imported->refused.begin(), imported->refused.end());
    }
    if (!refused.empty())
        return failed(fmt::format("Security Hub in {} refused {} of {} findings: {}", audited.region,
                                  refused.size(), all.size(), refused.front()),
                      "the audit itself is told all the same");
    return taken;
}

std::string in_form(const Audited& audited, Output output) {
    switch (output) {
        case Output::csv: return in_csv(audited);
        case Output::asff: return in_asff(audited);
        case Output::html: return in_html(audited);
        case Output::text: return in_lines(audited);
        case Output::json: return {};
    }
    return {};
}

}  // namespace

Report audit(const Audit& asked, Session& session) {
    const auto controls = compliance::chosen_controls(asked.standards, asked.checks);
    if (!controls) return failure(controls.error());
    const auto context = find_context(session, credentials::KeyUse::sign);
    if (!context) return failure(context.error());
    auto found = audited(*controls, asked.live, *context, session);
    if (!found) return failure(found.error());
    Report report{.exit_code = found->assessment.passed() ? exit_code::done : exit_code::findings,
                  .text = in_form(*found, session.everywhere.output)};
    if (asked.send) {
        const auto sent = send(*found, *context, session);
        if (sent)
            report.notices.push_back({"note",
                                      fmt::format("{} finding{} sent to Security Hub in {}", *sent,
                                                  *sent == 1 ? "" : "s", found->region),
                                      {}});
        else
            report.exit_code = exit_code::of(sent.error().kind), report.error = sent.error();
    }
    report.audited = std::move(*found);
    return report;
}

}  // namespace keytide::cli
