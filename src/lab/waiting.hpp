// Waits that follow the lab's clock: whoever advances it, ends them.
#pragma once

#include <set>

#include "lab/coroutine.hpp"
#include "lab/rehearsal.hpp"
#include "lab/server.hpp"

namespace keytide::lab {

class Waiting {
public:
    Waiting(Rehearsal& rehearsal, const Server::Clock& clock) : rehearsal_(rehearsal), clock_(clock) {}

    // Until the lab's clock shows `due`, or a reset begins another life.
    Awaitable<void> until(Instant due, std::uint64_t life);

    // The lab's clock was told something.
    void look_again();

private:
    Rehearsal& rehearsal_;
    const Server::Clock& clock_;
    std::set<Timer*> timers_;
};

}  // namespace keytide::lab
