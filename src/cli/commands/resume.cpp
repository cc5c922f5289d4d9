#include "cli/commands.hpp"
#include "cli/exit_code.hpp"
#include "cli/rotations.hpp"
#include "cli/words.hpp"
#include "rotation/explain.hpp"

namespace keytide::cli {

using rotation::Phase;
using rotation::Rotation;

namespace {

// What was interrupted is gone on with; what waits for a time or a person only when asked for, and otherwise
// named.
bool is_wanted(const Rotation& r, const Resume& asked, Instant now) {
    if (asked.id) return true;
    if (question_of(r)) return false;
    if (r.parked) return asked.due && r.parked->until <= now;
    return true;
}

Report go_on(Session& session, const Rotation& r, const Resume& asked) {
    using orchestrator::Stopped;
    const bool wanted = is_wanted(r, asked, session.clock.now());
    if (!wanted && asked.due && rotation::awaited_person(r) != nullptr) return remind_of_rotation(session, r);
    if (!wanted) return conclude({question_of(r) ? Stopped::needs_person : Stopped::parked, r});
    session.terminal.say("keytide: rotation " + r.id + " of " + r.request.user.arn);
    return resume_rotation(session, r);
}

}  // namespace

Report resume(const Resume& asked, Session& session) {
    session.mfa_prompt.give(asked.token_code);
    std::vector<Rotation> rotations;
    if (asked.id) {
        auto found = recorded_rotation(session, *asked.id);
        if (!found) return failure(found.error());
        if (found->phase == Phase::ended)
            return {.text = "rotation " + *asked.id + " has ended already", .rotations = std::vector{*found}};
        rotations.push_back(std::move(*found));
    } else {
        auto all = recorded_rotations(session);
        if (!all) return failure(all.error());
        rotations = std::move(*all);
        std::erase_if(rotations, [](const Rotation& r) { return r.phase == Phase::ended; });
    }

    if (rotations.size() == 1) return go_on(session, rotations.front(), asked);
    Report all{.text = rotations.empty() ? "nothing to resume" : "", .rotations = std::vector<Rotation>{}};
    for (const auto& r : rotations) {
        auto one = go_on(session, r, asked);
        const auto worse = exit_code::worse(all.exit_code, one.exit_code);
        if (session.everywhere.output == Output::json)
            print_remarks(one, session.terminal);
        else
            print(one, Output::text, session.terminal);
        if (one.error && (!all.error || worse != all.exit_code)) all.error = std::move(one.error);
        all.told = true;
        all.exit_code = worse;
        if (one.rotations)
            all.rotations->insert(all.rotations->end(), one.rotations->begin(), one.rotations->end());
    }
    return all;
}

}  // namespace keytide::cli
