// An account held against controls, at a moment: what fails, what could not be judged, and what looks like a
// failure and is a rotation of ours.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "compliance/account.hpp"
#include "compliance/control.hpp"

namespace keytide::compliance {

enum class Verdict {
    failed,
    unknown,   // it could not be seen: never taken for passed
    rotating,  // as a rotation that has not ended has it
    advice,
};
std::string_view to_text(Verdict verdict);  // "failed", "unknown", "rotating", "advice"

struct Finding {
    Control control;
    Verdict verdict;
    std::string user;        // empty: the root user's, or the account's
    std::string arn;         // of that
    std::optional<Key> key;  // the one that it is about, if it is about one
    std::string message;     // without a final full stop
    std::string hint;        // what to do; may be empty
};

// How many things were looked at for a control, and how many of them did not pass.
struct Tally {
    Control control;
    std::size_t looked_at = 0, failed = 0, unknown = 0;
};

struct Assessment {
    Instant at{};
    std::vector<Tally> tallies;     // in the order of the controls
    std::vector<Finding> findings;  // by user, root first, and by control

    std::size_t count(Verdict verdict) const;
    bool passed() const { return count(Verdict::failed) + count(Verdict::unknown) == 0; }
};

// Days are of 24 hours: a key fails in the moment when it is older than the limit, and not before.
Assessment assess(const Account& account, std::span<const Control> controls, Instant now);

}  // namespace keytide::compliance
