// What every phase's decision is made of: waiting, asking, trying again. Internal to decide.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "rotation/action.hpp"
#include "rotation/record.hpp"

namespace keytide::rotation {

// Up to a minute is waited for; longer waits park.
Action wait(Instant now, Instant until, std::string why);
Action ask(Instant now, std::string question, std::vector<std::string> answers);

// Ends the rotation while the old key is as it was. Where it is not, a person is asked instead.
Action end_unchanged(const Rotation& rotation, Instant now, std::string why);

// Ending now would leave everything as it was found.
bool nothing_was_changed(const Rotation& rotation);

// The next action takes a secret that is lost.
Action go_on_without(const Rotation& rotation, Instant now, Which key);

// Another look, unless looking fails just now.
Action look(const Rotation& rotation, Instant now);

// The key that stays must be shown to work, just before the other one is touched. Nothing: it is.
std::optional<Action> take_evidence(const Rotation& rotation, Instant now);

// NoSuchEntity on a deletion: a stale replica and a renamed user say the same words, so it is believed only
// when it is steady and, where listing is allowed, a later list agrees. Nothing: not yet.
std::optional<Action> believe_that_it_is_gone(const Rotation& rotation, Instant now, const AccessKeyId& key,
                                              Event gone);

// The answers, and going back among them where that is possible.
std::vector<std::string> with_way_back(const Rotation& rotation, std::vector<std::string> answers);

std::string delete_command(const Rotation& rotation, const std::string& key);
std::string resume_command(const Rotation& rotation);

// When what failed for now is tried again: throttling is backed off as the SDKs do, everything else is
// polled. https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html
Duration backed_off(Duration poll, int failures);
Instant next_try(const Rotation& rotation, const Problem& problem);

// What failed for now is tried again until the deadline; `otherwise` says what follows then. Nothing: try
// now.
template <class Otherwise>
std::optional<Action> try_again(const Rotation& r, Instant now, const std::optional<Problem>& problem,
                                Otherwise otherwise) {
    const auto deadline = r.request.numbers.settle_deadline;
    if (!problem) return std::nullopt;
    if (problem->last - problem->first >= deadline) {
        if (problem->code == "?") return Park{{now, now, "no answer that can be read: " + problem->message}};
        return otherwise(*problem);
    }
    const auto next = next_try(r, *problem);
    if (now < next) return Wait{next};
    return std::nullopt;
}

// One decision a phase.
Action clear(const Rotation& rotation, Instant now);
Action create(const Rotation& rotation, Instant now);
Action verify(const Rotation& rotation, Instant now);
Action deliver(const Rotation& rotation, Instant now);
Action overlap(const Rotation& rotation, Instant now);
Action deactivate(const Rotation& rotation, Instant now);
Action soak(const Rotation& rotation, Instant now);
Action retire(const Rotation& rotation, Instant now);
Action confirm(const Rotation& rotation, Instant now);
Action undo(const Rotation& rotation, Instant now);
Action reactivate(const Rotation& rotation, Instant now);

}  // namespace keytide::rotation
