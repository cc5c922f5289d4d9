#include <fmt/format.h>

#include "cli/commands.hpp"
#include "cli/rotations.hpp"
#include "cli/wiring.hpp"
#include "cli/words.hpp"

namespace keytide::cli {

using namespace rotation;

namespace {

using AtWork = std::map<RotationId, long>;

std::string row(const Rotation& r, const AtWork& at_work) {
    const auto working = at_work.find(r.id);
    return fmt::format(
        "{}  {:<16} {} -> {}  {}", r.id, r.request.user_name,
        r.request.old_key ? r.request.old_key->text() : "(none)",
        r.new_key ? r.new_key->text() : "(none yet)",
        working == at_work.end() ? standing(r) : fmt::format("at work (pid {})", working->second));
}

std::string details(const Rotation& r, const AtWork& at_work) {
    auto text = row(r, at_work) + "\n    keys: " + state_of_keys(r);
    if (r.parked) text += "\n    parked: " + r.parked->reason;
    if (const auto question = question_of(r)) {
        text += "\n    question: " + question->text;
        for (const auto& d : r.deliveries)
            if (d.reminded_at && !d.acknowledged)
                text += fmt::format("\n    reminded: {} time{}, last at {}", d.reminders,
                                    d.reminders == 1 ? "" : "s", to_rfc3339(*d.reminded_at));
        for (const auto& answer : question->answers) text += "\n    answer: " + answer;
    }
    return text;
}

template <class Line>
std::string lines(const std::vector<Rotation>& rotations, const AtWork& at_work, Line line) {
    std::string text;
    for (const auto& r : rotations) text += (text.empty() ? "" : "\n") + line(r, at_work);
    return text;
}

std::string summary_of(const Event& event) {
    const auto words = [&]() -> std::string {
        if (const auto* e = std::get_if<Started>(&event)) return "for " + e->request.user.arn;
        if (const auto* e = std::get_if<KeyCreated>(&event)) return e->key.text();
        if (const auto* e = std::get_if<CreateRefused>(&event)) return e->code + ": " + e->message;
        if (const auto* e = std::get_if<CreateUnanswered>(&event)) return e->reason;
        if (const auto* e = std::get_if<NewKeyAccepted>(&event)) return "as " + e->identity.arn;
        if (const auto* e = std::get_if<OldValueSealed>(&event)) return e->destination;
        if (const auto* e = std::get_if<DeliverIntended>(&event)) return e->destination;
        if (const auto* e = std::get_if<DeliverFailed>(&event)) return e->destination + ": " + e->reason;
        if (const auto* e = std::get_if<Delivered>(&event)) return e->destination;
        if (const auto* e = std::get_if<Acknowledged>(&event)) return "by " + e->by;
        if (const auto* e = std::get_if<Reminded>(&event)) return e->destination;
        if (const auto* e = std::get_if<HandedOut>(&event)) return "until " + to_rfc3339(e->until);
        if (const auto* e = std::get_if<DeleteIntended>(&event))
            return e->key.text() + ", signed by " + e->signer.text();
        if (const auto* e = std::get_if<DeleteRefused>(&event)) return e->code + ": " + e->message;
        if (const auto* e = std::get_if<DeleteUnanswered>(&event)) return e->reason;
        if (const auto* e = std::get_if<OldKeyRejected>(&event)) return e->code;
        if (const auto* e = std::get_if<GoingBack>(&event)) return e->reason;
        if (const auto* e = std::get_if<Parked>(&event)) return e->reason;
        if (const auto* e = std::get_if<NeedsPerson>(&event)) return e->question;
        if (const auto* e = std::get_if<NeedsMfa>(&event)) return e->question;
        if (const auto* e = std::get_if<RolledBack>(&event)) return e->reason;
        return "";
    }();
    return fmt::format("{}  {:<16}  {}", to_rfc3339(time_of(event), true), name_of(event), words);
}

}  // namespace

Report status(Session& session) {
    auto rotations = recorded_rotations(session);
    if (!rotations) return failure(rotations.error());
    std::erase_if(*rotations, [](const Rotation& r) { return r.phase == Phase::ended; });
    auto working = at_work(session, *rotations);
    auto text = rotations->empty() ? "no unfinished rotations" : lines(*rotations, working, details);
    return {.text = std::move(text), .rotations = std::move(*rotations), .at_work = std::move(working)};
}

Report history(const History& asked, Session& session) {
    auto rotations = recorded_rotations(session);
    if (!rotations) return failure(rotations.error());
    if (!asked.id) {
        auto working = at_work(session, *rotations);
        auto text = rotations->empty() ? "no rotations yet" : lines(*rotations, working, row);
        return {.text = std::move(text), .rotations = std::move(*rotations), .at_work = std::move(working)};
    }
    std::erase_if(*rotations, [&](const Rotation& r) { return r.id != *asked.id; });
    if (rotations->empty())
        return failure(
            {ErrorKind::usage, "there is no rotation " + *asked.id, "'keytide history' lists them"});
    const auto ledger = open_ledger_if_any(session);
    if (!ledger) return failure(ledger.error());
    auto events = (*ledger)->events(*asked.id);
    if (!events) return failure(events.error());
    std::string text;
    for (const auto& recorded : *events) {
        auto line = summary_of(recorded.event);
        line.erase(line.find_last_not_of(' ') + 1);
        text += (text.empty() ? "" : "\n") + line;
    }
    return {.text = std::move(text), .rotations = std::move(*rotations), .events = std::move(*events)};
}

}  // namespace keytide::cli
