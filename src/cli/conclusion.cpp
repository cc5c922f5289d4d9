// How a rotation's end, or its pause, is told.
#include <fmt/format.h>

#include "cli/exit_code.hpp"
#include "cli/report.hpp"
#include "cli/words.hpp"

namespace keytide::cli {

using namespace rotation;
using orchestrator::Outcome;
using orchestrator::Stopped;

namespace {

std::string resume_command(const Rotation& r) {
    return "keytide resume " + r.id;
}

Report of(const Rotation& r, int exit_code) {
    Report report{.exit_code = exit_code};
    report.rotations = {r};
    if (r.end != End::completed && (r.creates > 0 || r.new_key)) report.keys = state_of_keys(r);
    return report;
}

Report completed(const Rotation& r) {
    auto report = of(r, exit_code::done);
    report.text = r.request.old_key ? fmt::format("rotated {}: {} -> {}", r.request.user_name,
                                                  r.request.old_key->text(), r.new_key->text())
                                    : fmt::format("issued {}: {}", r.request.user_name, r.new_key->text());
    if (r.maybe_orphan)
        report.notices.push_back(
            {"warning",
             "an earlier CreateAccessKey got no answer and may have left a key whose secret is lost",
             {"look for a key that nobody knows: aws iam list-access-keys --user-name " +
              r.request.user_name}});
    return report;
}

Report rolled_back(const Rotation& r) {
    auto report = of(r, r.new_key ? exit_code::rolled_back : exit_code::failed);
    std::string hint = r.new_key ? "the new key was deleted again" : "nothing was changed";
    if (!r.new_key && r.other_key_touched)
        hint = "deleting a second key was begun, and nothing else was changed";
    if (r.request.old_key)
        hint +=
            "; the old key " + r.request.old_key->text() + (r.back ? " is in use again" : " was not touched");
    report.error = Error{ErrorKind::failed, r.going_back, std::move(hint)};
    return report;
}

Report abandoned(const Rotation& r) {
    auto report = of(r, exit_code::done);
    report.text = fmt::format("abandoned rotation {} of {}; no key was touched", r.id, r.request.user_name);
    return report;
}

Report parked(const Rotation& r) {
    auto report = of(r, exit_code::parked);
    const bool waits = r.parked->until > r.parked->at;
    report.notices.push_back({"parked",
                              fmt::format("rotation {}: {}{}", r.id, r.parked->reason,
                                          waits ? ", until " + to_rfc3339(r.parked->until) : ""),
                              {waits ? "then run 'keytide resume --due', by hand or from a timer"
                                     : "when it is over, run '" + resume_command(r) + "'"}});
    return report;
}

Report needs_person(const Rotation& r) {
    auto report = of(r, exit_code::needs_person);
    const auto question = question_of(r);
    report.notices.push_back(
        {"question", fmt::format("rotation {}: {}", r.id, question->text), question->answers});
    return report;
}

Report interrupted(const Rotation& r) {
    auto report = of(r, exit_code::interrupted);
    report.notices.push_back(
        {"interrupted", "rotation " + r.id, {"to go on, run '" + resume_command(r) + "'"}});
    return report;
}

}  // namespace

Report failure(Error error) {
    if (error.hint.empty()) error.hint = "nothing was changed";
    return {.exit_code = exit_code::of(error.kind), .error = std::move(error)};
}

Report conclude(const Outcome& outcome) {
    const auto& r = outcome.rotation;
    switch (outcome.how) {
        case Stopped::completed: return completed(r);
        case Stopped::rolled_back: return rolled_back(r);
        case Stopped::abandoned: return abandoned(r);
        case Stopped::parked: return parked(r);
        case Stopped::needs_person:
        case Stopped::needs_mfa: return needs_person(r);
        case Stopped::interrupted: return interrupted(r);
    }
    return {};
}

Report conclude(Error error, const Rotation& r) {
    const bool changed = r.creates > 0 || r.new_key;
    const bool resumable = changed && error.kind == ErrorKind::failed;
    auto report = of(r, resumable ? exit_code::parked : exit_code::of(error.kind));
    if (error.hint.empty()) error.hint = "when it is mended, run '" + resume_command(r) + "'";
    report.error = std::move(error);
    return report;
}

void print(const Report& report, Output output, const Terminal& terminal) {
    if (report.printed) return print_remarks(report, terminal);
    if (output == Output::json)
        terminal.result(to_json(report));
    else if (!report.text.empty())
        terminal.result(report.text);
    print_remarks(report, terminal);
}

void print_remarks(const Report& report, const Terminal& terminal) {
    if (report.error && !report.told) terminal.error(*report.error);
    for (const auto& notice : report.notices) {
        terminal.say("keytide: " + notice.word + ": " + notice.message);
        for (const auto& hint : notice.hints) terminal.say("keytide: hint: " + hint);
    }
    if (!report.keys.empty()) terminal.keys(report.keys);
}

}  // namespace keytide::cli
