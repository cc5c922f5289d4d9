// Making room, making the new key, and taking it back: the steps before anything was written anywhere.
#include <algorithm>

#include "rotation/explain.hpp"
#include "rotation/refusal.hpp"
#include "rotation/steady.hpp"
#include "rotation/steps.hpp"

namespace keytide::rotation {
namespace {

// Elimination is proof only where nobody else makes keys: then a key that is new since the list before the
// unanswered call, alone in being so, and made in its time, is ours.
std::optional<AccessKeyId> our_orphan(const Rotation& r, const std::vector<KeyMetadata>& strangers) {
    if (!r.request.sole_writer || strangers.size() != 1 || !strangers.front().created) return std::nullopt;
    const auto made = *strangers.front().created;
    const auto begun = r.create->intent.at - std::chrono::minutes{1};  // AWS's clocks and ours
    if (made < begun || made > r.create->intent.at + r.request.numbers.late_call_window) return std::nullopt;
    return strangers.front().id;
}

// A deletion that is not done yet: NEW on the way back, or a key that is neither OLD nor NEW.
std::optional<Action> deletion_in_doubt(const Rotation& r, Instant now, const std::string& what,
                                        const AccessKeyId& key, Event gone) {
    if (const auto& problem = r.evidence.change_problem) {
        if (auto found_gone = believe_that_it_is_gone(r, now, key, std::move(gone))) return found_gone;
        if (says_denied(problem->code))
            return ask(
                now, what + " " + key.text() + " is not allowed to be deleted: " + problem->message,
                {"as an administrator: " + delete_command(r, key.text()) + " && " + resume_command(r)});
    }
    return try_again(r, now, r.evidence.change_problem, [&](const Problem& p) {
        return ask(now, what + " " + key.text() + " could not be deleted: " + p.code + ": " + p.message,
                   {delete_command(r, key.text()) + " && " + resume_command(r)});
    });
}

// A CreateAccessKey without an answer: look, but only after it can no longer land.
Action reconcile(const Rotation& r, Instant now) {
    const auto& n = r.request.numbers;
    const auto live = live_until(r);
    if (now < live) return wait(now, live, "an unanswered CreateAccessKey can still land");
    if (r.create->looks == 0) return look(r, now);  // in AWS's time, which the local clock may not know
    if (!r.seen->keys || !r.create->intent.keys_before) return Conclude{CreateSettled{now, false}};
    const auto strangers = appeared(r);
    if (const auto orphan = our_orphan(r, strangers)) {
        if (auto doubt = deletion_in_doubt(r, now, "the key that an unanswered CreateAccessKey made,",
                                           *orphan, OtherKeyDeleted{now, *orphan, true}))
            return *doubt;
        return DeleteKey{Which::other_key, *orphan};
    }
    if (!strangers.empty()) {
        const auto& id = strangers.front().id.text();
        return ask(
            now,
            "CreateAccessKey got no answer, and the user now has a key " + id +
                " that was not there before. It is probably ours, and its secret is lost; but somebody else "
                "may have made it in that minute, so Keytide does not delete it. Nothing else was changed",
            {"if nobody else made it: " + delete_command(r, id) + " && " + resume_command(r),
             "if somebody did: settle with them which key goes, then " + resume_command(r)});
    }
    if (r.create->looks < n.steady)
        return now < r.seen->at + n.poll ? Action{Wait{r.seen->at + n.poll}} : look(r, now);
    return Conclude{CreateSettled{now, true}};
}

Action after_refused_create(const Rotation& r, Instant now) {
    const auto& n = r.request.numbers;
    const auto& refused = *r.create_refused;
    const auto end = [&] {
        return end_unchanged(r, now, "CreateAccessKey was refused: " + refused.code + ": " + refused.message);
    };
    if (refused.code == "LimitExceeded" && r.maybe_orphan)
        return ask(now,
                   "CreateAccessKey got no answer, a second one is refused because the user has two keys, "
                   "and this user may "
                   "not list them. One of the two is probably ours, and its secret is lost; the key in use "
                   "is untouched",
                   {"with iam:ListAccessKeys: aws iam list-access-keys --user-name " + r.request.user_name +
                    ", delete the key that nobody knows, then " + resume_command(r)});
    const bool full = refused.code == "LimitExceeded";
    if (full && r.seen && r.seen->keys && r.seen->at <= refused.at && now > refused.at) return look(r, now);
    const bool list_shows_room = r.seen && r.seen->keys && r.seen->keys->size() < 2;
    const bool transient = says_throttled(refused.code) || refused.code == "NotSent" ||
                           says_session_ended(refused.code) || (full && list_shows_room);
    const Duration patience = refused.code == "NotSent" ? Duration{0} : n.settle_deadline;
    if (!transient) return end();
    if (!r.evidence.since || refused.at - *r.evidence.since >= patience) {
        if (r.maybe_orphan)
            return Park{{now, now, "CreateAccessKey cannot be repeated just now: " + refused.message}};
        return end();
    }
    const auto next = refused.at + backed_off(n.poll, r.creates);
    if (now < next) return Wait{next};
    return CreateKey{};
}

}  // namespace

// The given-up key goes only while a fresh look shows it Inactive, as it was before we came.
Action clear(const Rotation& r, Instant now) {
    const auto& key = *r.request.give_up;
    if (!r.seen || !r.seen->keys)
        return end_unchanged(
            r, now,
            "the keys cannot be listed any more, so that " + key.text() + " is Inactive cannot be seen");
    const auto listed = std::find_if(r.seen->keys->begin(), r.seen->keys->end(),
                                     [&](const KeyMetadata& k) { return k.id == key; });
    if (listed == r.seen->keys->end()) return Conclude{OtherKeyDeleted{now, key, true}};
    if (listed->status != KeyStatus::inactive)
        return end_unchanged(r, now,
                             "the key " + key.text() + " was activated by someone, so it is not given up");
    if (auto doubt = deletion_in_doubt(r, now, "the inactive key", key, OtherKeyDeleted{now, key, true}))
        return *doubt;
    if (now - r.seen->at >= r.request.numbers.evidence_life) return look(r, now);
    return DeleteKey{Which::other_key, key};
}

Action create(const Rotation& r, Instant now) {
    if (r.create) return reconcile(r, now);
    if (r.create_refused) return after_refused_create(r, now);
    if (r.evidence.unanswered >= r.request.numbers.steady)
        return Park{{now, now, "CreateAccessKey gets no answer that can be read"}};
    return CreateKey{};
}

Action undo(const Rotation& r, Instant now) {
    const auto& key = *r.new_key;
    if (auto doubt =
            deletion_in_doubt(r, now, r.going_back + "; and the new key", key, NewKeyDeleted{now, true}))
        return *doubt;
    // The only key that works is never deleted.
    if (r.request.old_key)
        if (auto evidence = take_evidence(r, now)) return *evidence;
    return DeleteKey{Which::new_key, key};
}

}  // namespace keytide::rotation
