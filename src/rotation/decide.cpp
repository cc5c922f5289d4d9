#include "rotation/decide.hpp"

#include <algorithm>

#include "rotation/evolve.hpp"
#include "rotation/explain.hpp"
#include "rotation/refusal.hpp"
#include "rotation/signing.hpp"
#include "rotation/steady.hpp"
#include "rotation/steps.hpp"

namespace keytide::rotation {
namespace {

using namespace std::chrono_literals;

constexpr Duration longest_wait = 1min;
constexpr Duration longest_backoff = 20s;

// A verification asks AWS about the new key itself, and what is done cannot be undone by looking.
bool needs_a_look(const Rotation& r) {
    switch (r.phase) {
        case Phase::verify:
        case Phase::finish: return false;
        case Phase::confirm: return !r.request.self;
        default: return true;
    }
}

std::string name_of_signer(const Rotation& r) {
    switch (actor(r)) {
        case Signer::old_key: return "the old key " + r.request.old_key->text();
        case Signer::new_key: return "the new key " + r.new_key->text();
        case Signer::administrator: break;
    }
    return "the key of " + r.request.administrator.arn;
}

// A session that could not be minted. Nothing: there is none, or it is to be tried again now.
std::optional<Action> await_session(const Rotation& r, Instant now) {
    const auto& problem = r.evidence.session_problem;
    if (problem && problem->code == "NoCode")
        return AskForCode{{now,
                           r.request.mfa_serial,
                           "to sign with " + name_of_signer(r) + ", a code of the MFA device " +
                               r.request.mfa_serial + " is needed (" + problem->message +
                               "); each code works once. Nothing is changed meanwhile",
                           {resume_command(r) + " --token-code CODE",
                            "or at a terminal, where it asks for the code: " + resume_command(r)}}};
    return try_again(r, now, problem, [&](const Problem& p) -> Action {
        const auto why = "AWS gives no session to " + name_of_signer(r) + ": " + p.code + ": " + p.message;
        if (nothing_was_changed(r)) return Conclude{RolledBack{now, why}};
        return ask(now, why + ". Nothing is changed meanwhile", {resume_command(r)});
    });
}

bool may_be_odd(const Rotation& r) {
    return needs_a_look(r) && r.phase != Phase::confirm;
}

}  // namespace

bool nothing_was_changed(const Rotation& r) {
    const bool begins = r.phase == Phase::clear || r.phase == Phase::create || r.phase == Phase::deactivate;
    return begins && !r.other_key_touched && r.creates == 0 && !r.new_key && r.old_key_active &&
           !r.status_pending && !r.deactivation_lands;
}

Action wait(Instant now, Instant until, std::string why) {
    if (until - now <= longest_wait) return Wait{until};
    return Park{{now, until, std::move(why)}};
}

Action ask(Instant now, std::string question, std::vector<std::string> answers) {
    return Ask{{now, std::move(question), std::move(answers)}};
}

Action look(const Rotation& r, Instant now) {
    const auto unable = [&](const Problem& p) -> Action {
        if (nothing_was_changed(r)) return Conclude{RolledBack{now, p.code + ": " + p.message}};
        return ask(now,
                   "the user's keys and the destinations cannot be looked at: " + p.code + ": " + p.message +
                       ". Nothing is changed meanwhile",
                   {resume_command(r)});
    };
    const auto& problem = r.evidence.problem;
    if (problem && problem->code == "Unreadable") return unable(*problem);
    const auto later = try_again(r, now, problem, unable);
    return later ? *later : Action{Inspect{}};
}

std::optional<Action> take_evidence(const Rotation& r, Instant now) {
    if (r.evidence.taken && now - *r.evidence.taken < r.request.numbers.evidence_life) return std::nullopt;
    const auto& problem = r.evidence.problem;
    if (problem && (problem->code == "Drift" || problem->code == "Unreadable"))
        return ask(now, problem->message + ". Nothing is deleted", {"settle it, then " + resume_command(r)});
    const auto later = try_again(r, now, problem, [&](const Problem& p) {
        std::vector<std::string> answers{
            resume_command(r), "or end the rotation as it is: keytide abandon " + r.id + " --reason TEXT"};
        if (says_denied(p.code)) answers.front() = "allow it on the user, then " + resume_command(r);
        const auto& key = key_of(r, kept(r)).text();
        return ask(now,
                   "no key is deleted, because that " + key +
                       " works and is listed could not be seen: " + p.code + ": " + p.message,
                   std::move(answers));
    });
    return later ? *later : Action{TakeEvidence{}};
}

std::optional<Action> believe_that_it_is_gone(const Rotation& r, Instant now, const AccessKeyId& key,
                                              Event gone) {
    const auto& problem = r.evidence.change_problem;
    if (!problem || problem->code != "NoSuchEntity" || !is_steady(r.evidence.gone, r.request.numbers))
        return std::nullopt;
    if (!r.first_keys) return Conclude{std::move(gone)};
    if (!r.seen || r.seen->at <= problem->last) {
        if (now <= problem->last) return Wait{problem->last + r.request.numbers.poll};
        return look(r, now);
    }
    if (r.seen->keys && !holds(*r.seen->keys, key)) return Conclude{std::move(gone)};
    return std::nullopt;
}

Action end_unchanged(const Rotation& r, Instant now, std::string why) {
    if (r.maybe_orphan)
        return ask(now,
                   why +
                       ". An earlier CreateAccessKey got no answer and may have made a key whose secret is "
                       "lost; the key in use is untouched",
                   {"look for a key that nobody knows (aws iam list-access-keys --user-name " +
                    r.request.user_name + "), delete it, then " + resume_command(r)});
    if (r.old_key_active && !r.deactivation_lands) return Conclude{RolledBack{now, std::move(why)}};
    return ask(now,
               why + ". The old key " + r.request.old_key->text() +
                   " is Inactive and stays so, since it is compromised; there is no new one yet",
               {"mend the cause, then " + resume_command(r)});
}

std::vector<std::string> with_way_back(const Rotation& r, std::vector<std::string> answers) {
    if (holds(r, When::unwritten) || holds(r, When::written))
        answers.push_back("or go back: keytide rollback " + r.id);
    return answers;
}

std::string delete_command(const Rotation& r, const std::string& key) {
    return "aws iam delete-access-key --user-name " + r.request.user_name + " --access-key-id " + key;
}

std::string resume_command(const Rotation& r) {
    return "keytide resume " + r.id;
}

Duration backed_off(Duration poll, int failures) {
    const auto doubled = poll * (1 << std::clamp(failures - 1, 0, 10));
    return std::max(poll, std::min(doubled, longest_backoff));
}

Instant next_try(const Rotation& r, const Problem& problem) {
    const auto poll = r.request.numbers.poll;
    return problem.last + (says_throttled(problem.code) ? backed_off(poll, problem.count) : poll);
}

namespace {

Action next_step(const Rotation& r, Instant now) {
    if (r.phase == Phase::ended) return Stop{};
    if (r.phase == Phase::finish) {
        if (r.going_back.empty()) return Conclude{Completed{now}};
        return Conclude{RolledBack{now, r.going_back}};
    }
    if (auto later = await_session(r, now)) return *later;
    if (!r.inspected && needs_a_look(r)) return look(r, now);
    if (r.odd_looks > 0 && may_be_odd(r)) {
        if (r.odd_looks < r.request.numbers.steady) {
            const auto next = r.seen->at + r.request.numbers.poll;
            return now < next ? Action{Wait{next}} : look(r, now);
        }
        const auto what = oddity(r, *r.seen);
        if (nothing_was_changed(r)) return Conclude{RolledBack{now, what}};
        return ask(now, what + ". Nothing is overwritten and nothing deleted",
                   {"settle it, then " + resume_command(r),
                    "or end the rotation as it is: keytide abandon " + r.id + " --reason TEXT"});
    }
    switch (r.phase) {
        case Phase::clear: return clear(r, now);
        case Phase::create: return create(r, now);
        case Phase::verify: return verify(r, now);
        case Phase::deliver: return deliver(r, now);
        case Phase::overlap: return overlap(r, now);
        case Phase::deactivate: return deactivate(r, now);
        case Phase::soak: return soak(r, now);
        case Phase::retire: return retire(r, now);
        case Phase::confirm: return confirm(r, now);
        case Phase::undo: return undo(r, now);
        case Phase::reactivate: return reactivate(r, now);
        case Phase::finish:
        case Phase::ended: break;
    }
    return Stop{};
}

}  // namespace

Action decide(const Rotation& r, Instant now) {
    auto next = next_step(r, now);
    if (!r.evidence.lost_secrets.empty())
        for (const auto key : secrets_taken_by(r, next))
            if (r.evidence.lost_secrets.contains(key)) return go_on_without(r, now, key);
    return next;
}

}  // namespace keytide::rotation
