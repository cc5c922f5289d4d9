#include "rotation/evolve.hpp"

#include <algorithm>
#include <array>

#include "rotation/explain.hpp"
#include "rotation/refusal.hpp"

namespace keytide::rotation {
namespace {

using enum Phase;

constexpr auto rows = std::to_array<Row>({
    {create, "CreateIntended", create},    {create, "CreateRefused", create},
    {create, "CreateUnanswered", create},  {create, "CreateSettled", create},
    {create, "KeyCreated", verify},        {create, "RolledBack", ended},
    {verify, "ProbeAnswered", verify},     {verify, "NewKeyAccepted", deliver},
    {verify, "GoingBack", undo},           {deliver, "OldValueSealed", deliver},
    {deliver, "DeliverIntended", deliver}, {deliver, "DeliverFailed", deliver},
    {deliver, "Delivered", deliver},       {deliver, "OverlapBegan", overlap},
    {deliver, "NothingToRetire", finish},  {overlap, "EvidenceTaken", overlap},
    {overlap, "EvidenceMissing", overlap}, {overlap, "OverlapEnded", retire},
    {retire, "EvidenceTaken", retire},     {retire, "EvidenceMissing", retire},
    {retire, "DeleteIntended", retire},    {retire, "DeleteRefused", retire},
    {retire, "DeleteUnanswered", retire},  {retire, "OldKeyDeleted", confirm},
    {confirm, "ProbeAnswered", confirm},   {confirm, "OldKeyRejected", finish},
    {undo, "DeleteIntended", undo},        {undo, "DeleteRefused", undo},
    {undo, "DeleteUnanswered", undo},      {undo, "NewKeyDeleted", finish},
    {finish, "Completed", ended},          {finish, "RolledBack", ended},
});

// These may happen in every phase but the last, and lead nowhere else.
constexpr auto everywhere =
    std::to_array<std::string_view>({"Resumed", "Inspected", "EvidenceMissing", "Parked", "NeedsPerson"});

void count(Streak& streak, bool goes_on, Instant at) {
    if (!goes_on) {
        streak = {};
        return;
    }
    if (streak.length++ == 0) streak.first = at;
    streak.last = at;
}

void note_problem(Evidence& evidence, Instant at, const std::string& code, const std::string& message) {
    if (!evidence.problem || evidence.problem->code != code) evidence.problem = Problem{at, at, code, {}};
    evidence.problem->last = at;
    evidence.problem->message = message;
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
        r_.create_refused.reset();  // whoever resumes may have made room
        for (auto& delivery : r_.deliveries) delivery.failures = 0;
        if (r_.create && !r_.create->closed && e.sender_gone) r_.create->closed = e.at;
        if (r_.create) r_.create->looks = 0;
    }
    void operator()(const Inspected& e) {
        r_.inspected = true;
        r_.seen = e;
        if (!r_.first_keys) r_.first_keys = e.keys;
        r_.odd_looks = explains(r_, e) ? 0 : r_.odd_looks + 1;
        if (r_.create && e.at >= live_until(r_)) ++r_.create->looks;
        if (r_.phase == confirm && e.keys)
            count(r_.evidence.absent, !holds(*e.keys, *r_.request.old_key), e.at);
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
        r_.create.reset();
        r_.create_refused.reset();
        r_.new_key = e.key;
    }
    void operator()(const NewKeyAccepted& e) {
        if (r_.request.user.user_id.empty()) r_.request.user = e.identity;
    }
    void operator()(const OldValueSealed& e) { delivery(e.destination).old_value_sealed = true; }
    void operator()(const DeliverIntended& e) { delivery(e.destination).attempted = true; }
    void operator()(const DeliverFailed& e) {
        auto& d = delivery(e.destination);
        ++d.failures;
        d.last_failure = e.reason;
        note_problem(r_.evidence, e.at, "Delivery", e.reason);
    }
    void operator()(const Delivered& e) { delivery(e.destination).delivered = true; }
    void operator()(const OverlapBegan& e) { r_.overlap_began = e.at; }
    void operator()(const NothingToRetire&) {}
    void operator()(const OverlapEnded&) {}
    void operator()(const EvidenceTaken& e) {
        r_.evidence.taken = e.at;
        r_.evidence.problem.reset();
    }
    void operator()(const EvidenceMissing& e) {
        r_.evidence.taken.reset();
        note_problem(r_.evidence, e.at, e.code, e.reason);
    }
    void operator()(const DeleteIntended& e) {
        if (e.target == Which::old_key) r_.delete_intended = true;
    }
    void operator()(const DeleteRefused& e) {
        note_problem(r_.evidence, e.at, e.code, e.message);
        count(r_.evidence.gone, e.code == "NoSuchEntity", e.at);
    }
    void operator()(const DeleteUnanswered& e) { note_problem(r_.evidence, e.at, "?", e.reason); }
    void operator()(const OldKeyDeleted&) {}
    void operator()(const NewKeyDeleted&) {}
    void operator()(const OldKeyRejected&) {}
    void operator()(const GoingBack& e) { r_.going_back = e.reason; }
    void operator()(const Parked& e) { r_.parked = e; }
    void operator()(const NeedsPerson& e) { r_.question = e; }
    void operator()(const Completed&) { r_.end = End::completed; }
    void operator()(const RolledBack& e) {
        r_.end = End::rolled_back;
        r_.going_back = e.reason;
    }
    void operator()(const ProbeAnswered& e) {
        auto& evidence = r_.evidence;
        evidence.asked.at(e.probe) = e.at;
        if (!evidence.since) evidence.since = e.at;
        const bool denied = says_denied(e.code) && e.probe != 0;
        if (e.key == Which::new_key) {
            const bool taken = (e.accepted || denied) && (!e.identity || is_the_user(r_, *e.identity));
            count(evidence.streaks.at(e.probe), taken, e.at);
            const auto& name = r_.request.probes.at(e.probe);
            std::erase(evidence.denied_by, name);
            if (denied) evidence.denied_by.push_back(name);
            if (taken)
                evidence.problem.reset();
            else if (e.accepted)
                note_problem(evidence, e.at, "WrongUser", "the new key belongs to " + e.identity->arn);
            else
                note_problem(evidence, e.at, e.code, e.message);
        } else {
            const bool rejected = says_unknown_key(e.code);
            count(evidence.streaks.at(e.probe), rejected, e.at);
            if (rejected)
                evidence.rejected_with = e.code;
            else
                note_problem(evidence, e.at, e.accepted ? "Accepted" : e.code, e.message);
        }
    }

    // Evidence does not outlive its phase or its process.
    void forget() {
        r_.evidence = {};
        r_.evidence.streaks.resize(r_.request.probes.size());
        r_.evidence.asked.resize(r_.request.probes.size());
    }

private:
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

std::span<const Row> table() {
    return rows;
}

Result<Rotation> begin(RotationId id, const Event& started) {
    const auto* first = std::get_if<Started>(&started);
    if (first == nullptr)
        return failed("the ledger's rotation " + id + " begins with " + std::string(name_of(started)) +
                      ", not with Started");
    Rotation r{.id = std::move(id), .request = first->request};
    r.started = r.changed = first->at;
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
        const auto row = std::find_if(rows.begin(), rows.end(),
                                      [&](const Row& x) { return x.from == r.phase && x.event == name; });
        if (row == rows.end()) return not_allowed(r, name);
        to = row->to;
    } else if (r.phase == ended) {
        return not_allowed(r, name);
    }

    Fold fold{r};
    std::visit(fold, event);
    r.changed = time_of(event);
    if (to != r.phase) fold.forget();
    r.phase = to;
    return {};
}

std::string_view name_of(Phase phase) {
    constexpr std::array<std::string_view, 9> names{"create",  "verify", "deliver", "overlap", "retire",
                                                    "confirm", "undo",   "finish",  "ended"};
    return names[std::size_t(phase)];
}

}  // namespace keytide::rotation
