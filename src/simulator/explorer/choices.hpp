// The points at which the small world may go one way or another, and which way it goes this time.
//
// A step of the orchestrator is run again and again, each time from the same situation and with another
// script: the script is followed, and after its end everything goes well.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string_view>
#include <vector>

namespace keytide::simulator {

enum class Move : std::uint8_t {
    all_is_well,
    // to a call
    throttled,    // refused for now
    no_answer,    // to a call that only reads
    denied,       // refused by a replica that knows an older policy
    unknown_key,  // refused by a replica that knows an older list of keys
    mismatch,     // SignatureDoesNotMatch
    not_sent,
    lost_before,  // no answer, and nothing happened
    lost_after,   // no answer, and it was done
    late,         // no answer, and it is done at any later time, until its signature is too old
    no_such,      // NoSuchEntity, from a replica that does not know the key yet
    stale_list,   // as it was before the last change
    still_taken,  // a deleted key is accepted by a replica that does not know it yet
    never_known,  // the key just made is never taken by any service
    wrong_user,   // the key just made is another user's
    // to the process
    crash,          // between two effects
    crash_after,    // the call was done, its answer never seen
    crash_late,     // the call left, and lands soon after
    frozen_late,    // the sender is frozen or far away, and its call lands until its signature is too old
    freeze,         // it goes on later, after another process took over
    append_fails,   // the disk is full
    append_unsure,  // the event is on disk, but nobody said so
    value_damaged,  // what is sealed cannot be opened, until a person puts it back
    rewind,         // the ledger and its anchor are those of an earlier day
    clock_jump,
    // to a destination
    read_fails,
    write_fails,
    write_unsure,     // it was written, but nobody said so
    write_lost,       // nobody said so, and it was not
    write_forgotten,  // said to be written, and it was not
    // by others
    place_breaks,  // refuses every write for a while
    outage,        // nothing answers for a while
    revoke,        // a permission is taken away
    stranger_creates,
    stranger_deletes,
    stranger_disables,
    stranger_enables,
    stranger_overwrites,
    stranger_empties,
    user_renamed,
    user_is_another,   // deleted and made again under the same name
    person_goes_back,  // `keytide rollback`
};
std::string_view to_text(Move move);

// Crash, indeterminate, delay, outsider, second orchestrator: explored also three at a time.
bool is_dangerous(Move move);

class Choices {
public:
    struct Point {
        std::vector<Move> ways;  // the first is all_is_well
        std::size_t taken;
    };

    explicit Choices(const std::vector<std::uint8_t>& script) : script_(script) {}

    Move choose(std::initializer_list<Move> misfortunes);
    const std::vector<Point>& points() const { return points_; }

private:
    const std::vector<std::uint8_t>& script_;  // of indices into each point's ways
    std::vector<Point> points_;
};

}  // namespace keytide::simulator
