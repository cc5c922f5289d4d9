#include "rotation/decide.hpp"

#include <algorithm>

#include "rotation/explain.hpp"
#include "rotation/refusal.hpp"
#include "rotation/steady.hpp"

namespace keytide::rotation {
namespace {

using namespace std::chrono_literals;

constexpr Duration longest_wait = 1min;

Action wait(Instant now, Instant until, std::string why) {
    if (until - now <= longest_wait) return Wait{until};
    return Park{{now, until, std::move(why)}};
}

Action ask(Instant now, std::string question, std::vector<std::string> answers) {
    return Ask{{now, std::move(question), std::move(answers)}};
}

std::string delete_command(const Rotation& r, const std::string& key) {
    return "aws iam delete-access-key --user-name " + r.request.user_name + " --access-key-id " + key;
}

std::string resume_command(const Rotation& r) {
    return "keytide resume " + r.id;
}

// What failed for now is tried again until the deadline; `otherwise` says what follows then.
template <class Otherwise>
std::optional<Action> try_again(const Rotation& r, Instant now, Duration deadline, Otherwise otherwise) {
    const auto& problem = r.evidence.problem;
    if (!problem) return std::nullopt;
    if (problem->last - problem->first >= deadline) {
        if (problem->code == "?") return Park{{now, now, "no answer that can be read: " + problem->message}};
        return otherwise(*problem);
    }
    if (now < problem->last + r.request.numbers.poll) return Wait{problem->last + r.request.numbers.poll};
    return std::nullopt;
}

// A CreateAccessKey without an answer: look, but only after it can no longer land.
Action reconcile(const Rotation& r, Instant now) {
    const auto& n = r.request.numbers;
    const auto live = live_until(r);
    if (now < live) return wait(now, live, "an unanswered CreateAccessKey can still land");
    if (!r.seen || !r.seen->keys || !r.create->intent.keys_before) return Conclude{CreateSettled{now, false}};
    if (r.create->looks == 0) return Inspect{};
    const auto strangers = appeared(r);
    if (!strangers.empty()) {
        const auto& id = strangers.front().id.text();
        return ask(
            now,
            "CreateAccessKey got no answer, and the user now has a key " + id +
                " that was not there before. It is probably ours, and its secret is lost; but somebody else "
                "may "
                "have made it in that minute, so Keytide does not delete it. Both keys are as they were",
            {"if nobody else made it: " + delete_command(r, id) + " && " + resume_command(r),
             "if somebody did: settle with them which key goes, then " + resume_command(r)});
    }
    if (r.create->looks < n.steady)
        return now < r.seen->at + n.poll ? Action{Wait{r.seen->at + n.poll}} : Action{Inspect{}};
    return Conclude{CreateSettled{now, true}};
}

Action after_refused_create(const Rotation& r, Instant now) {
    const auto& n = r.request.numbers;
    const auto& refused = *r.create_refused;
    const auto end = [&] {
        return Conclude{
            RolledBack{now, "CreateAccessKey was refused: " + refused.code + ": " + refused.message}};
    };
    if (refused.code == "LimitExceeded" && r.maybe_orphan)
        return ask(now,
                   "CreateAccessKey got no answer, a second one is refused because the user has two keys, "
                   "and this user may "
                   "not list them. One of the two is probably ours, and its secret is lost; the key in use "
                   "is untouched",
                   {"with iam:ListAccessKeys: aws iam list-access-keys --user-name " + r.request.user_name +
                    ", delete the key that nobody knows, then " + resume_command(r)});
    const bool list_shows_room = r.seen && r.seen->keys && r.seen->keys->size() < 2;
    const bool transient = says_throttled(refused.code) || refused.code == "NotSent" ||
                           (refused.code == "LimitExceeded" && list_shows_room);
    const Duration patience = refused.code == "NotSent" ? Duration{0} : n.settle_deadline;
    if (!transient || !r.evidence.since || refused.at - *r.evidence.since >= patience) return end();
    if (now < refused.at + n.poll) return Wait{refused.at + n.poll};
    return CreateKey{};
}

Action create(const Rotation& r, Instant now) {
    if (r.create) return reconcile(r, now);
    if (r.create_refused) return after_refused_create(r, now);
    if (r.evidence.unanswered >= r.request.numbers.steady)
        return Park{{now, now, "CreateAccessKey gets no answer that can be read"}};
    return CreateKey{};
}

Action verify(const Rotation& r, Instant now) {
    const auto& n = r.request.numbers;
    const auto next = next_probe(r, false);
    if (!next) return Conclude{NewKeyAccepted{now, r.request.user, r.evidence.denied_by}};
    if (const auto& problem = r.evidence.problem) {
        const auto lasted = problem->last - problem->first;
        if (problem->code == "WrongUser") return Conclude{GoingBack{now, problem->message}};
        if (says_mismatch(problem->code, problem->message) && lasted >= n.mismatch_deadline)
            return Conclude{GoingBack{now, "the new key's signature is refused: " + problem->message}};
    }
    if (r.evidence.since && now - *r.evidence.since >= n.verify_deadline) {
        const auto& problem = r.evidence.problem;
        if (problem && problem->code == "?")
            return Park{{now, now, "no answer that can be read: " + problem->message}};
        return Conclude{GoingBack{now, "the new key was not accepted steadily within " +
                                           to_text(n.verify_deadline) +
                                           (problem ? " (" + problem->code + ")" : "")}};
    }
    if (now < next->at) return Wait{next->at};
    return ProbeKey{Which::new_key, next->probe};
}

Action deliver(const Rotation& r, Instant now) {
    for (std::size_t i = 0; i < r.deliveries.size(); ++i) {
        const auto& d = r.deliveries[i];
        if (d.delivered) continue;
        if (d.failures >= r.request.numbers.steady)
            return ask(now,
                       "the new key could not be delivered to " + d.destination + ": " + d.last_failure +
                           ". Both keys are Active",
                       {"mend the place, then " + resume_command(r)});
        if (d.failures > 0 && now < r.evidence.problem->last + r.request.numbers.poll)
            return Wait{r.evidence.problem->last + r.request.numbers.poll};
        if (!d.old_value_sealed && !d.attempted) return SealOldValue{i};
        return Deliver{i};
    }
    return r.request.old_key ? Conclude{OverlapBegan{now}} : Conclude{NothingToRetire{now}};
}

bool evidence_is_fresh(const Rotation& r, Instant now) {
    return r.evidence.taken && now - *r.evidence.taken < r.request.numbers.evidence_life;
}

// Evidence for the deletion of OLD could not be taken: wait a little, then park or ask.
Action take_evidence(const Rotation& r, Instant now) {
    const auto& problem = r.evidence.problem;
    if (problem && (problem->code == "Drift" || problem->code == "Unreadable"))
        return ask(now, problem->message + ". Both keys are as they are",
                   {"settle it, then " + resume_command(r)});
    const auto later = try_again(r, now, r.request.numbers.settle_deadline, [&](const Problem& p) {
        return ask(now,
                   "the old key is not deleted, because the new one cannot be shown to work: " + p.code +
                       ": " + p.message,
                   {resume_command(r)});
    });
    return later ? *later : Action{TakeEvidence{}};
}

Action overlap(const Rotation& r, Instant now) {
    const auto gate = *r.overlap_began + r.request.numbers.grace;
    if (now < gate)
        return wait(now, gate, "the grace time of " + to_text(r.request.numbers.grace) + " is running");
    if (evidence_is_fresh(r, now) && *r.evidence.taken >= gate) return Conclude{OverlapEnded{now}};
    return take_evidence(r, now);
}

Action retire(const Rotation& r, Instant now) {
    if (const auto& problem = r.evidence.problem; problem && says_denied(problem->code))
        return ask(now,
                   "the new key " + r.new_key->text() +
                       " is delivered and works, but deleting the old key is not allowed (" +
                       problem->message + "). Both keys are Active",
                   {"allow iam:DeleteAccessKey on the user, then " + resume_command(r),
                    "or as an administrator: " + delete_command(r, r.request.old_key->text()) + " && " +
                        resume_command(r)});
    if (!evidence_is_fresh(r, now)) return take_evidence(r, now);
    const auto later = try_again(r, now, r.request.numbers.settle_deadline, [&](const Problem& p) {
        return ask(now, "the old key could not be deleted: " + p.code + ": " + p.message,
                   {resume_command(r)});
    });
    return later ? *later : Action{DeleteKey{Which::old_key}};
}

Action confirm_by_list(const Rotation& r, Instant now) {
    const auto& n = r.request.numbers;
    if (r.seen && !r.seen->keys) return Conclude{OldKeyRejected{now, "not looked: listing is not allowed"}};
    if (is_steady(r.evidence.absent, n)) return Conclude{OldKeyRejected{now, "absent"}};
    if (r.evidence.since && now - *r.evidence.since >= n.settle_deadline)
        return ask(
            now, "the list still shows the old key " + r.request.old_key->text() + " although it was deleted",
            {resume_command(r)});
    const auto next = r.seen->at + std::max(n.poll, n.spread / std::max(n.steady - 1, 1));
    if (r.evidence.absent.length > 0 && now < next) return Wait{next};
    return Inspect{};
}

Action confirm(const Rotation& r, Instant now) {
    const auto& n = r.request.numbers;
    if (!r.request.self) return confirm_by_list(r, now);
    const auto next = next_probe(r, true);
    if (!next) return Conclude{OldKeyRejected{now, r.evidence.rejected_with}};
    if (r.evidence.since && now - *r.evidence.since >= n.settle_deadline) {
        const auto& problem = r.evidence.problem;
        if (problem && problem->code == "Accepted")
            return ask(now,
                       "AWS said that the old key " + r.request.old_key->text() +
                           " is deleted, but still accepts it",
                       {"look with an administrator's credentials; " + resume_command(r)});
        return Park{
            {now, now, "the old key's refusal could not be seen: " + (problem ? problem->message : "")}};
    }
    if (now < next->at) return Wait{next->at};
    return ProbeKey{Which::old_key, next->probe};
}

Action undo(const Rotation& r, Instant now) {
    const auto& n = r.request.numbers;
    if (const auto& problem = r.evidence.problem) {
        if (problem->code == "NoSuchEntity") {
            if (is_steady(r.evidence.gone, n)) return Conclude{NewKeyDeleted{now, true}};
        } else if (says_denied(problem->code)) {
            return ask(now,
                       r.going_back + "; and deleting the new key " + r.new_key->text() +
                           " is not allowed. The old key is Active and in use",
                       {"as an administrator: " + delete_command(r, r.new_key->text()) + " && " +
                        resume_command(r)});
        }
    }
    const auto later = try_again(r, now, n.settle_deadline, [&](const Problem& p) {
        return ask(now, r.going_back + "; and the new key could not be deleted: " + p.code + ": " + p.message,
                   {delete_command(r, r.new_key->text()) + " && " + resume_command(r)});
    });
    return later ? *later : Action{DeleteKey{Which::new_key}};
}

Action inspect(const Rotation& r, Instant now) {
    const auto unable = [&](const Problem& p) -> Action {
        if (r.phase == Phase::create && !r.create)
            return Conclude{RolledBack{now, p.code + ": " + p.message}};
        return ask(now, "the user's keys and destinations cannot be looked at: " + p.message,
                   {resume_command(r)});
    };
    if (r.evidence.problem && r.evidence.problem->code == "Unreadable") return unable(*r.evidence.problem);
    const auto later = try_again(r, now, r.request.numbers.settle_deadline, unable);
    return later ? *later : Action{Inspect{}};
}

}  // namespace

Action decide(const Rotation& r, Instant now) {
    if (r.phase == Phase::ended) return Stop{};
    if (r.phase == Phase::finish) {
        if (r.going_back.empty()) return Conclude{Completed{now}};
        return Conclude{RolledBack{now, r.going_back}};
    }
    if (!r.inspected) return inspect(r, now);
    if (r.odd_looks > 0) {
        if (r.odd_looks < r.request.numbers.steady) {
            const auto next = r.seen->at + r.request.numbers.poll;
            return now < next ? Action{Wait{next}} : Action{Inspect{}};
        }
        const auto what = oddity(r, *r.seen);
        if (r.phase == Phase::create && !r.create) return Conclude{RolledBack{now, what}};
        return ask(now, what + ". Nothing is overwritten and nothing deleted",
                   {"settle it, then " + resume_command(r)});
    }
    switch (r.phase) {
        case Phase::create: return create(r, now);
        case Phase::verify: return verify(r, now);
        case Phase::deliver: return deliver(r, now);
        case Phase::overlap: return overlap(r, now);
        case Phase::retire: return retire(r, now);
        case Phase::confirm: return confirm(r, now);
        case Phase::undo: return undo(r, now);
        case Phase::finish:
        case Phase::ended: break;
    }
    return Stop{};
}

}  // namespace keytide::rotation
