// Exit codes for scripts; they do not change (docs/exit-codes.md).
#pragma once

#include "vocabulary/error.hpp"

namespace keytide::cli::exit_code {

inline constexpr int done = 0;
inline constexpr int failed = 1;  // nothing was changed
inline constexpr int usage = 2;   // usage, configuration, or consent missing
inline constexpr int parked = 3;  // waits for time, or for an outage to end; resumable
inline constexpr int rolled_back = 4;
inline constexpr int needs_person = 5;
inline constexpr int busy = 6;           // another process works on this user
inline constexpr int findings = 7;       // something needs doing (audit, doctor, policy check)
inline constexpr int interrupted = 130;  // resumable

// Of `exec`, as shells have them.
inline constexpr int cannot_run = 126, not_found = 127;

constexpr int of(ErrorKind kind) {
    switch (kind) {
        case ErrorKind::failed:
        case ErrorKind::lost: return failed;
        case ErrorKind::usage: return usage;
        case ErrorKind::busy: return busy;
        case ErrorKind::interrupted: return interrupted;
    }
    return failed;
}

// Of several rotations: the one that most needs somebody's eyes.
constexpr int worse(int a, int b) {
    constexpr int order[] = {done, rolled_back, parked, interrupted, busy, failed, usage, needs_person};
    const auto rank = [&](int code) {
        int r = 0;
        while (order[r] != code) ++r;
        return r;
    };
    return rank(a) < rank(b) ? b : a;
}

}  // namespace keytide::cli::exit_code
