// The outgoing key goes: after its consumers had time, after it was seen to be quiet, and only while the
// incoming key is shown, just before, to work and to be where it was written.
#include <algorithm>

#include "rotation/explain.hpp"
#include "rotation/quiet.hpp"
#include "rotation/refusal.hpp"
#include "rotation/steady.hpp"
#include "rotation/steps.hpp"

namespace keytide::rotation {
namespace {

std::string name_of_outgoing(const Rotation& r) {
    return (r.back ? "the new key " : "the old key ") + key_of(r, outgoing(r)).text();
}

std::optional<Action> refused_for_good(const Rotation& r, Instant now, const std::string& permission,
                                       const std::string& by_hand) {
    const auto& problem = r.evidence.change_problem;
    if (!problem || !says_denied(problem->code)) return std::nullopt;
    const std::string so_far = !r.new_key              ? "there is no new key yet, and "
                               : r.request.compromised ? "the new key works, but "
                                                       : "the key in use is delivered and works, but ";
    return ask(now, so_far + permission + " is not allowed (" + problem->message + "). No key was deleted",
               {"allow " + permission + " on the user, then " + resume_command(r),
                "or as an administrator: " + by_hand + " && " + resume_command(r)});
}

std::string set_status_command(const Rotation& r, std::string_view status) {
    return "aws iam update-access-key --user-name " + r.request.user_name + " --access-key-id " +
           r.request.old_key->text() + " --status " + std::string(status);
}

// By somebody else, or by a call of ours that got no answer.
bool is_listed_as(const Rotation& r, KeyStatus status) {
    if (!r.inspected || !r.seen || !r.seen->keys) return false;
    return std::any_of(r.seen->keys->begin(), r.seen->keys->end(), [&](const KeyMetadata& k) {
        return k.id == *r.request.old_key && k.status == status;
    });
}

Action wait_until_quiet(const Rotation& r, Instant now) {
    const auto& n = r.request.numbers;
    if (r.evidence.last_use && is_quiet(r, *r.evidence.last_use))
        return Conclude{OldKeyQuiet{now, r.evidence.last_use->old_key.at}};
    const bool too_late = now >= *r.overlap_began + n.grace + n.gate_deadline;
    const auto ask_who_uses_it = [&] {
        return ask(now,
                   name_of_outgoing(r) + " was not seen to be quiet within " + to_text(n.gate_deadline) +
                       " (" + why_not_quiet(r) + "). Both keys are Active",
                   with_way_back(r, {"find who still uses it, then " + resume_command(r)}));
    };
    if (too_late && r.evidence.last_use) return ask_who_uses_it();
    if (const auto& problem = r.evidence.problem; problem && says_denied(problem->code))
        return ask(now,
                   "when the old key was last used cannot be seen any more (" + problem->message +
                       "). Both keys are Active",
                   {"allow iam:GetAccessKeyLastUsed on the user, then " + resume_command(r)});
    const auto later = try_again(r, now, r.evidence.problem, [&](const Problem& p) -> Action {
        if (too_late) return ask_who_uses_it();
        return Park{
            {now, now + n.last_use_step, "when the old key was last used cannot be seen: " + p.message}};
    });
    if (later) return *later;
    if (const auto& last_use = r.evidence.last_use; last_use && now < last_use->at + n.last_use_step)
        return wait(now, last_use->at + n.last_use_step, "the old key is not quiet yet: " + why_not_quiet(r));
    return AskLastUse{};
}

// Whoever was handed credentials with the outgoing key uses them until they expire, and a call that left then
// is still under way.
std::optional<Action> outlive_what_was_handed_out(const Rotation& r, Instant now) {
    const auto& seen = r.evidence.hand_outs;
    const auto& problem = r.evidence.problem;
    if (!seen && problem && problem->code == "Unreadable")
        return ask(now,
                   "whether credentials with " + name_of_outgoing(r) +
                       " were handed out cannot be seen: " + problem->message + ". Both keys are Active",
                   with_way_back(r, {"settle it, then " + resume_command(r)}));
    if (!seen) return AskHandOuts{};
    if (seen->until && (!r.handed_out || *r.handed_out < *seen->until))
        return Conclude{HandedOut{now, *seen->until}};
    if (!r.handed_out) return std::nullopt;
    const auto gate = *r.handed_out + r.request.numbers.in_flight;
    if (now >= gate) return std::nullopt;
    return wait(now, gate,
                "credentials with " + name_of_outgoing(r) + " were handed out, and last until " +
                    to_rfc3339(*r.handed_out));
}

// Evidence brings AWS's time with it: when the local clock was ahead, the gate is waited for again.
Action pass_gate(const Rotation& r, Instant now, Event passed) {
    if (auto evidence = take_evidence(r, now)) return *evidence;
    return Conclude{std::move(passed)};
}

}  // namespace

Action overlap(const Rotation& r, Instant now) {
    const auto& n = r.request.numbers;
    const bool at_once = r.request.compromised && !r.back;  // availability is given up on purpose
    const auto gate = *r.overlap_began + (at_once ? Duration{0} : n.grace);
    if (now < gate) return wait(now, gate, "the grace time of " + to_text(n.grace) + " is running");
    if (n.quiet > Duration{0} && !at_once && !r.back && !r.quiet_seen) return wait_until_quiet(r, now);
    if (!at_once)
        if (auto later = outlive_what_was_handed_out(r, now)) return *later;
    return pass_gate(r, now, OverlapEnded{now});
}

Action deactivate(const Rotation& r, Instant now) {
    if (is_listed_as(r, KeyStatus::inactive)) return Conclude{OldKeyDeactivated{now}};
    if (auto refused = refused_for_good(r, now, "iam:UpdateAccessKey", set_status_command(r, "Inactive")))
        return *refused;
    if (const auto& problem = r.evidence.change_problem;
        problem && problem->code == "NoSuchEntity" && is_steady(r.evidence.gone, r.request.numbers))
        return ask(now, name_of_outgoing(r) + " does not exist any more, and Keytide did not delete it",
                   {"settle who did, then keytide abandon " + r.id + " --reason TEXT"});
    // A compromised key goes first; nothing is delivered yet that could be shown.
    if (!r.request.compromised)
        if (auto evidence = take_evidence(r, now)) return *evidence;
    const auto later = try_again(r, now, r.evidence.change_problem, [&](const Problem& p) {
        return ask(now, name_of_outgoing(r) + " could not be deactivated: " + p.code + ": " + p.message,
                   {resume_command(r)});
    });
    return later ? *later : Action{SetStatus{KeyStatus::inactive}};
}

Action soak(const Rotation& r, Instant now) {
    const auto gate = *r.soak_began + r.request.numbers.soak;
    if (now < gate)
        return wait(now, gate, "the old key is Inactive, and soaks for " + to_text(r.request.numbers.soak));
    return pass_gate(r, now, SoakEnded{now});
}

Action retire(const Rotation& r, Instant now) {
    const auto key = key_of(r, outgoing(r));
    if (auto refused = refused_for_good(r, now, "iam:DeleteAccessKey", delete_command(r, key.text())))
        return *refused;
    if (auto gone = believe_that_it_is_gone(
            r, now, key, r.back ? Event{NewKeyDeleted{now, true}} : Event{OldKeyDeleted{now, true}}))
        return *gone;
    if (auto evidence = take_evidence(r, now)) return *evidence;
    const auto later = try_again(r, now, r.evidence.change_problem, [&](const Problem& p) {
        return ask(now, name_of_outgoing(r) + " could not be deleted: " + p.code + ": " + p.message,
                   {resume_command(r)});
    });
    return later ? *later : Action{DeleteKey{outgoing(r), key}};
}

namespace {

Event rejected(const Rotation& r, Instant now, std::string code) {
    if (r.back) return NewKeyRejected{now, std::move(code)};
    return OldKeyRejected{now, std::move(code)};
}

std::vector<std::string> deletion_by_hand(const Rotation& r) {
    return {"as an administrator, when it is listed: " + delete_command(r, key_of(r, outgoing(r)).text()) +
            " && " + resume_command(r)};
}

// An inactive key is refused like a deleted one; the list tells them apart. `code`: what is known without it.
Action confirm_by_list(const Rotation& r, Instant now, const std::string& code) {
    const auto& n = r.request.numbers;
    if (!r.seen) return look(r, now);
    if (!r.seen->keys)
        return Conclude{rejected(r, now, code.empty() ? "not looked: listing is not allowed" : code)};
    if (is_steady(r.evidence.absent, n)) return Conclude{rejected(r, now, code.empty() ? "absent" : code)};
    const auto& since = r.evidence.since;
    const bool looked = since && r.seen->at >= *since;
    if (looked && r.seen->at - *since >= n.settle_deadline)
        return ask(now, "the list still shows " + name_of_outgoing(r) + " although it was deleted",
                   deletion_by_hand(r));
    const auto next =
        r.seen->at + (r.evidence.absent.length > 0 ? n.spread / std::max(n.steady - 1, 1) : n.poll);
    if (looked && now < next) return Wait{next};
    return look(r, now);
}

}  // namespace

Action confirm(const Rotation& r, Instant now) {
    const auto& n = r.request.numbers;
    const bool has_its_secret = r.request.self && !r.evidence.lost_secrets.contains(outgoing(r));
    if (!has_its_secret) return confirm_by_list(r, now, "");
    const auto next = next_probe(r, true);
    if (!next && r.first_keys) return confirm_by_list(r, now, r.evidence.rejected_with);
    if (!next) return Conclude{rejected(r, now, r.evidence.rejected_with)};
    const auto& problem = r.evidence.problem;
    if (problem && problem->last - *r.evidence.since >= n.settle_deadline) {
        if (problem->code == "Accepted")
            return ask(now, "AWS said that " + name_of_outgoing(r) + " is deleted, but still accepts it",
                       deletion_by_hand(r));
        return Park{
            {now, now, "the refusal of " + name_of_outgoing(r) + " could not be seen: " + problem->message}};
    }
    if (now < next->at) return Wait{next->at};
    return ProbeKey{outgoing(r), next->probe};
}

// OLD is to be Active again, and nothing contrary may still be on its way.
Action reactivate(const Rotation& r, Instant now) {
    if (r.old_key_active && !r.deactivation_lands && !r.status_pending)
        return Conclude{OldKeyActivated{now, true}};
    const auto lands =
        std::max(r.deactivation_lands.value_or(Instant{}), r.status_pending.value_or(Instant{}));
    if (now < lands) return wait(now, lands, "an unanswered deactivation of the old key can still land");
    if (lands > Instant{} && (!r.seen || r.seen->at < lands)) return look(r, now);
    const auto& problem = r.evidence.change_problem;
    const auto by_hand = set_status_command(r, "Active");
    if (problem && says_denied(problem->code) && is_listed_as(r, KeyStatus::active))
        return Conclude{OldKeyActivated{now, true}};
    if (problem && says_denied(problem->code))
        return ask(
            now, "activating the old key again is not allowed (" + problem->message + "); the new one works",
            {"allow iam:UpdateAccessKey on the user, then " + resume_command(r),
             "or as an administrator: " + by_hand + " && " + resume_command(r)});
    const auto later = try_again(r, now, problem, [&](const Problem& p) {
        return ask(
            now,
            "the old key could not be activated again: " + p.code + ": " + p.message + "; the new one works",
            {by_hand + " && " + resume_command(r)});
    });
    return later ? *later : Action{SetStatus{KeyStatus::active}};
}

}  // namespace keytide::rotation
