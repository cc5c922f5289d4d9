// The incoming key is shown to work, and written where it is used.
#include "rotation/evolve.hpp"
#include "rotation/explain.hpp"
#include "rotation/refusal.hpp"
#include "rotation/steady.hpp"
#include "rotation/steps.hpp"

namespace keytide::rotation {
namespace {

// On the way back there is no further way back, and a compromised key that is Inactive stays so.
Action give_up_on(const Rotation& r, Instant now, std::string why) {
    if (holds(r, When::unwritten)) return Conclude{GoingBack{now, std::move(why), ""}};
    return ask(now, std::move(why) + ". Nothing was deleted",
               {"settle it, then " + resume_command(r),
                "or give it up and begin again: keytide abandon " + r.id + " --reason TEXT"});
}

}  // namespace

Action verify(const Rotation& r, Instant now) {
    const auto& n = r.request.numbers;
    const auto& problem = r.evidence.problem;
    const auto key = (r.back ? "the old key " : "the new key ") + key_of(r, incoming(r)).text();
    const auto next = next_probe(r, false);
    if (!next && r.back) return Conclude{OldKeyAccepted{now}};
    if (!next) return Conclude{NewKeyAccepted{now, r.request.user, r.evidence.denied_by}};
    if (problem) {
        const auto lasted = problem->last - problem->first;
        if (problem->code == "WrongUser") return give_up_on(r, now, problem->message);
        if (says_mismatch(problem->code, problem->message) && lasted >= n.mismatch_deadline)
            return give_up_on(r, now, "the signature of " + key + " is refused: " + problem->message);
    }
    // By the last attempt and not by the clock: a process that slept has not seen a refusal.
    if (problem && problem->last - *r.evidence.since >= n.verify_deadline) {
        if (problem->code == "?") return Park{{now, now, "no answer that can be read: " + problem->message}};
        if (says_throttled(problem->code))
            return Park{{now, now, "AWS throttles just now: " + problem->message}};
        return give_up_on(r, now,
                          key + " was not accepted steadily within " + to_text(n.verify_deadline) + " (" +
                              problem->code + ")");
    }
    if (const auto lands = unrecorded_deletion_lands(r); r.evidence.since && now < lands)
        return wait(now, lands, "an interrupted process may have sent a deletion of the new key");
    if (now < next->at) return Wait{next->at};
    return ProbeKey{incoming(r), next->probe};
}

Action deliver(const Rotation& r, Instant now) {
    // At a place that has not heard yet of whoever signs.
    const auto later = try_again(r, now, r.evidence.problem, [&](const Problem& unheard) {
        return ask(now, unheard.message + ". No key was deleted",
                   with_way_back(r, {"mend the place, then " + resume_command(r)}));
    });
    if (later) return *later;
    for (std::size_t i = 0; i < r.deliveries.size(); ++i) {
        const auto& d = r.deliveries[i];
        if (d.delivered) continue;
        if (d.failures >= r.request.numbers.steady)
            return ask(
                now,
                (r.back ? "the old key " : "the new key ") +
                    std::string(is_notice(d.destination) ? "is delivered, and this could not be told to "
                                                         : "could not be delivered to ") +
                    d.destination + ": " + d.last_failure + ". No key was deleted",
                with_way_back(r, {"mend the place, then " + resume_command(r)}));
        if (const auto& failed = r.evidence.change_problem;
            d.failures > 0 && now < failed->last + r.request.numbers.poll)
            return Wait{failed->last + r.request.numbers.poll};
        if (!d.old_value_sealed && !d.attempted) return SealOldValue{i};
        return Deliver{i};
    }
    if (const auto* person = awaited_person(r))
        return ask(now,
                   person->destination + " was handed the " + (r.back ? "old" : "new") + " key " +
                       key_of(r, incoming(r)).text() + " at " + to_rfc3339(person->delivered_at) +
                       ", and has not said yet that it is in use. Both keys are as they are",
                   with_way_back(r, {"when it is in use: keytide ack " + r.id}));
    return r.request.old_key ? Conclude{OverlapBegan{now}} : Conclude{NothingToRetire{now}};
}

}  // namespace keytide::rotation
