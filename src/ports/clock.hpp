// Time as an argument.
#pragma once

#include "vocabulary/instant.hpp"

namespace keytide::ports {

class Clock {
public:
    virtual ~Clock() = default;
    virtual Instant now() = 0;

    // Returns early, with false, when the person interrupts (SIGINT, SIGTERM).
    virtual bool sleep(Duration) = 0;
    virtual bool interrupted() = 0;
};

}  // namespace keytide::ports
