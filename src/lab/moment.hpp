// When something is asked. The lab's clock can run ahead of everybody else's
// (misbehaviour/virtual_clock.hpp), and those who sign by theirs are still to be understood.
#pragma once

#include "vocabulary/instant.hpp"

namespace keytide::lab {

struct Moment {
    Instant now;   // by the lab's clock, which ages, expiry and conditions follow
    Instant real;  // by the clock that clients have: a signature may fit either

    static Moment at(Instant both) { return {both, both}; }
};

}  // namespace keytide::lab
