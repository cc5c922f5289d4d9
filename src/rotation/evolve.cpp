#include "rotation/evolve.hpp"

#include <algorithm>
#include <array>

#include "rotation/explain.hpp"
#include "rotation/refusal.hpp"

namespace keytide::rotation {
namespace {

using enum Phase;

// These may happen in every phase but the last, and only the last of them leads to another.
constexpr auto everywhere =
    std::to_array<std::string_view>({"Resumed", "Inspected", "Parked", "NeedsPerson", "NeedsMfa",
                                     "EvidenceMissing", "SecretLost", "SessionAnswered", "Abandoned"});

void count(Streak& streak, bool goes_on, Instant at) {
    if (!goes_on) {
        streak = {};
        return;
    }
    if (streak.length++ == 0) streak.first = at;
    streak.last = at;
}

// What others say stands within sentences of ours.
std::string without_full_stop(const std::string& text) {
    return text.ends_with('.') ? text.substr(0, text.size() - 1) : text;
}

void note(std::optional<Problem>& problem, Instant at, const std::string& code, const std::string& message) {
    if (!problem || problem->code != code) problem = Problem{.first = at, .code = code};
    problem->last = at;
    ++problem->count;
    problem->message = without_full_stop(message);
}

class Fold {
public:
    explicit Fold(Rotation& r) : r_(r) {}

    void operator()(const Started&) {}  // only ever the first: begin() reads it
    void operator()(const Resumed& e) {
        forget();
        r_.inspected = false;
        r_.odd_looks = 0;
        r_.parked.reset();
        r_.question.reset();
        r_.needs_mfa.reset();
        r_.create_refused.reset();  // whoever resumes may have made room
        for (auto& delivery : r_.deliveries) delivery.failures = 0;
        if (r_.create) {
            r_.create->sender_gone = r_.create->sender_gone || e.sender_gone;
            r_.create->looks = 0;
        }
        const bool creation_was_last = r_.phase == verify && !r_.back && r_.changed == r_.new_key_made;
        if (creation_was_last) {
            r_.creator_stopped = true;
            r_.creator_gone = e.sender_gone;
        }
        remember_that_it_can_land();
    }
    void operator()(const Inspected& e) {
        r_.inspected = true;
        r_.seen = e;
        if (!r_.first_keys) r_.first_keys = e.keys;
        if (r_.first_held.empty()) r_.first_held = e.held;
        r_.evidence.problem.reset();
        if (r_.create && r_.create->sender_gone && !r_.create->closed) r_.create->closed = e.at;
        r_.odd_looks = explains(r_, e) ? 0 : r_.odd_looks + 1;
        if (r_.create && e.at >= live_until(r_)) ++r_.create->looks;
        if (r_.phase == confirm && e.keys)
            count(r_.evidence.absent, !holds(*e.keys, key_of(r_, outgoing(r_))), e.at);
        if (!r_.evidence.since) r_.evidence.since = e.at;
    }
    void operator()(const CreateIntended& e) {
        r_.create = PendingCreate{e, {}, 0};
        r_.create_refused.reset();
        ++r_.creates;
    }
    void operator()(const CreateRefused& e) {
        r_.create.reset();
        r_.create_refused = e;
        if (!r_.evidence.since) r_.evidence.since = e.at;
    }
    void operator()(const CreateUnanswered& e) {
        r_.create->closed = e.at;
        ++r_.evidence.unanswered;
    }
    void operator()(const CreateSettled& e) {
        r_.create.reset();
        if (!e.seen) r_.maybe_orphan = true;
    }
    void operator()(const KeyCreated& e) {
        if (r_.create) r_.creator = r_.create->intent.sender;
        r_.create.reset();
        r_.create_refused.reset();
        r_.new_key = e.key;
        r_.new_key_made = e.at;
    }
    void operator()(const NewKeyAccepted& e) {
        r_.new_key_used = e.at;
        if (r_.request.user.user_id.empty()) r_.request.user = e.identity;
    }
    void operator()(const OldKeyAccepted&) {}
    void operator()(const OldValueSealed& e) {
        delivery(e.destination).old_value_sealed = true;
        r_.evidence.problem.reset();
    }
    void operator()(const DeliverIntended& e) { delivery(e.destination).attempted = true; }
    void operator()(const DeliverFailed& e) {
        auto& d = delivery(e.destination);
        ++d.failures;
        d.last_failure = without_full_stop(e.reason);
        r_.evidence.problem.reset();
        note(r_.evidence.change_problem, e.at, "Delivery", e.reason);
    }
    void operator()(const Delivered& e) {
        auto& d = delivery(e.destination);
        d.delivered = true;
        d.delivered_at = e.at;
        d.acknowledged = false;
        d.reminded_at.reset();
        d.reminders = 0;
        r_.evidence.problem.reset();
    }
    void operator()(const Acknowledged&) {
        for (auto& d : r_.deliveries) d.acknowledged = d.acknowledged || d.delivered;
        r_.question.reset();
    }
    void operator()(const Reminded& e) {
        auto& d = delivery(e.destination);
        d.reminded_at = e.at;
        ++d.reminders;
    }
    void operator()(const OverlapBegan& e) { r_.overlap_began = e.at; }
    void operator()(const NothingToRetire&) {}
    void operator()(const OldKeyQuiet&) { r_.quiet_seen = true; }
    void operator()(const HandedOut& e) { r_.handed_out = e.until; }
    void operator()(const HandOutsSeen& e) { r_.evidence.hand_outs = e; }
    void operator()(const OverlapEnded&) {}
    void operator()(const LastUseSeen& e) {
        r_.evidence.last_use = e;
        r_.evidence.problem.reset();
    }

    void operator()(const DeactivateIntended& e) {
        r_.status_pending = e.at + r_.request.numbers.late_call_window;
    }
    void operator()(const ActivateIntended&) {}
    void operator()(const StatusRefused& e) {
        r_.status_pending.reset();
        note(r_.evidence.change_problem, e.at, e.code, e.message);
        if (!says_throttled(e.code)) count(r_.evidence.gone, e.code == "NoSuchEntity", e.at);
    }
    void operator()(const StatusUnanswered& e) {
        remember_that_it_can_land();
        note(r_.evidence.change_problem, e.at, "?", e.reason);
    }
    void operator()(const OldKeyDeactivated& e) {
        r_.status_pending.reset();
        r_.old_key_active = false;
        r_.soak_began = e.at;
    }
    void operator()(const OldKeyActivated&) {
        r_.old_key_active = true;
        r_.deactivation_lands.reset();
    }
    void operator()(const SoakEnded&) {}

    void operator()(const EvidenceTaken& e) {
        r_.evidence.taken = e.at;
        r_.new_key_used = e.at;
        r_.evidence.problem.reset();
    }
    void operator()(const EvidenceMissing& e) {
        r_.evidence.taken.reset();
        if (!r_.evidence.since) r_.evidence.since = e.at;
        note(r_.evidence.problem, e.at, e.code, e.reason);
    }
    void operator()(const DeleteIntended& e) {
        r_.deletion_open = true;
        if (e.target == Which::old_key) r_.delete_intended = true;
        if (e.target == Which::other_key) r_.other_key_touched = true;
    }
    void operator()(const DeleteRefused& e) {
        if (!r_.evidence.change_problem || r_.evidence.change_problem->code != "?") r_.deletion_open = false;
        note(r_.evidence.change_problem, e.at, e.code, e.message);
        if (!says_throttled(e.code)) count(r_.evidence.gone, e.code == "NoSuchEntity", e.at);
    }
    void operator()(const DeleteUnanswered& e) { note(r_.evidence.change_problem, e.at, "?", e.reason); }
    void operator()(const OldKeyDeleted&) {}
    void operator()(const NewKeyDeleted&) {}
    void operator()(const OtherKeyDeleted&) {
        r_.evidence.change_problem.reset();
        r_.evidence.gone = {};
        if (r_.create) r_.create->looks = 0;
    }
    void operator()(const OldKeyRejected&) {}
    void operator()(const NewKeyRejected&) {}
    void operator()(const GoingBack& e) {
        r_.going_back = e.reason;
        r_.question.reset();
        r_.parked.reset();
        r_.back = holds(r_, When::written);
        if (!r_.back) return;
        r_.quiet_seen = false;
        r_.handed_out.reset();  // that was of the other key
        for (auto& d : r_.deliveries)
            d.delivered = d.acknowledged = !d.attempted;  // what was not written holds OLD still
    }
    void operator()(const Parked& e) { r_.parked = e; }
    void operator()(const NeedsPerson& e) { r_.question = e; }
    void operator()(const NeedsMfa& e) { r_.needs_mfa = e; }
    void operator()(const SecretLost& e) { r_.evidence.lost_secrets.emplace(e.key, e.reason); }
    void operator()(const SessionAnswered& e) {
        if (e.code.empty())
            r_.evidence.session_problem.reset();
        else
            note(r_.evidence.session_problem, e.at, e.code, e.message);
    }
    void operator()(const Completed&) { r_.end = End::completed; }
    void operator()(const RolledBack& e) {
        r_.end = End::rolled_back;
        r_.going_back = e.reason;
    }
    void operator()(const Abandoned&) { r_.end = End::abandoned; }
    void operator()(const ProbeAnswered& e) {
        auto& evidence = r_.evidence;
        evidence.asked.at(e.probe) = e.at;
        if (!evidence.since) evidence.since = e.at;
        if (e.key == Which::new_key) r_.new_key_used = e.at;
        auto& throttled = evidence.throttled.at(e.probe);
        if (says_throttled(e.code)) {  // which says nothing of the key, neither for it nor against it
            ++throttled;
            note(evidence.problem, e.at, e.code, e.message);
            return;
        }
        throttled = 0;
        const bool denied = says_denied(e.code) && e.probe != 0;
        if (r_.phase == verify) {
            const bool taken = (e.accepted || denied) && (!e.identity || is_the_user(r_, *e.identity));
            count(evidence.streaks.at(e.probe), taken && e.at >= unrecorded_deletion_lands(r_), e.at);
            const auto& name = r_.request.probes.at(e.probe);
            std::erase(evidence.denied_by, name);
            if (denied) evidence.denied_by.push_back(name);
            if (taken)
                evidence.problem.reset();
            else if (e.accepted)
                note(evidence.problem, e.at, "WrongUser", "the key belongs to " + e.identity->arn);
            else
                note(evidence.problem, e.at, e.code, e.message);
        } else {
            const bool rejected = says_unknown_key(e.code);
            count(evidence.streaks.at(e.probe), rejected, e.at);
            if (rejected)
                evidence.rejected_with = e.code;
            else
                note(evidence.problem, e.at, e.accepted ? "Accepted" : e.code, e.message);
        }
    }

    // Evidence does not outlive its phase or its process.
    void forget() {
        r_.evidence = {};
        r_.evidence.streaks.resize(r_.request.probes.size());
        r_.evidence.asked.resize(r_.request.probes.size());
        r_.evidence.throttled.resize(r_.request.probes.size());
    }

private:
    // A deactivation without an outcome may still happen; until then nothing contrary may be done.
    void remember_that_it_can_land() {
        if (!r_.status_pending) return;
        r_.deactivation_lands = std::max(r_.deactivation_lands.value_or(Instant{}), *r_.status_pending);
        r_.status_pending.reset();
    }

    Delivery& delivery(const std::string& uri) {
        return *std::find_if(r_.deliveries.begin(), r_.deliveries.end(),
                             [&](const Delivery& d) { return d.destination == uri; });
    }
    Rotation& r_;
};

std::unexpected<Error> not_allowed(const Rotation& r, std::string_view event) {
    return failed("the ledger says " + std::string(event) + " in the phase " + std::string(name_of(r.phase)) +
                      " of rotation " + r.id + ", which cannot be",
                  "nothing is done on the word of a damaged ledger; run 'keytide history " + r.id + "'");
}

const std::string* destination_of(const Event& event) {
    return std::visit(
        [](const auto& e) -> const std::string* {
            if constexpr (requires { e.destination; }) return &e.destination;
            return nullptr;
        },
        event);
}

}  // namespace

Result<Rotation> begin(RotationId id, const Event& started) {
    const auto* first = std::get_if<Started>(&started);
    if (first == nullptr)
        return failed("the ledger's rotation " + id + " begins with " + std::string(name_of(started)) +
                      ", not with Started");
    Rotation r{.id = std::move(id), .request = first->request};
    r.started = r.changed = first->at;
    if (r.request.give_up)
        r.phase = clear;
    else if (holds(r, When::disarmed))
        r.phase = deactivate;
    for (const auto& uri : r.request.destinations) r.deliveries.emplace_back().destination = uri;
    Fold{r}.forget();
    return r;
}

Result<void> evolve(Rotation& r, const Event& event) {
    const auto name = name_of(event);
    const auto* uri = destination_of(event);
    const auto known = [&](const Delivery& d) { return d.destination == *uri; };
    if (uri != nullptr && std::none_of(r.deliveries.begin(), r.deliveries.end(), known))
        return not_allowed(r, name);
    if (std::holds_alternative<CreateUnanswered>(event) && !r.create) return not_allowed(r, name);

    Phase to = r.phase;
    if (std::find(everywhere.begin(), everywhere.end(), name) == everywhere.end()) {
        const auto rows = table();
        const auto row = std::find_if(rows.begin(), rows.end(), [&](const Row& x) {
            return x.from == r.phase && x.event == name && holds(r, x.when);
        });
        if (row == rows.end()) return not_allowed(r, name);
        to = row->to;
    } else if (r.phase == ended) {
        return not_allowed(r, name);
    } else if (std::holds_alternative<Abandoned>(event)) {
        to = ended;
    }

    Fold fold{r};
    // The local clock was ahead and AWS has set it right: what was seen by it is no evidence.
    if (time_of(event) + std::chrono::seconds{1} < r.changed) {
        fold.forget();
        r.inspected = false;
    }
    std::visit(fold, event);
    r.changed = time_of(event);
    if (to != r.phase) {
        const auto taken = r.evidence.taken;
        fold.forget();
        // The gates are passed on the word of this very evidence.
        if (std::holds_alternative<OverlapEnded>(event) || std::holds_alternative<SoakEnded>(event))
            r.evidence.taken = taken;
    }
    r.phase = to;
    return {};
}

}  // namespace keytide::rotation
