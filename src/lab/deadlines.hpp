// How long the other end of a connection may take. A request sets its deadlines by two assignments; now and
// then somebody looks at those of all connections, and closes the sockets of the late ones, which ends what
// is awaited of them.
#pragma once

#include <chrono>
#include <set>

#include "lab/coroutine.hpp"
#include "vocabulary/instant.hpp"

namespace keytide::lab {

class Deadline;

class Deadlines {
public:
    // Looks this often, for ever.
    Awaitable<void> keep(Duration pause);

private:
    friend class Deadline;
    std::set<Deadline*> all_;
};

// Of one connection, whose socket outlives it.
class Deadline {
public:
    Deadline(Deadlines& all, Socket& socket);
    Deadline(const Deadline&) = delete;
    Deadline& operator=(const Deadline&) = delete;
    ~Deadline();

    void set(Duration from_now) { at_ = Clock::now() + from_now; }
    void lift() { at_ = Clock::time_point::max(); }

private:
    friend class Deadlines;
    using Clock = std::chrono::steady_clock;
    Deadlines& all_;
    Socket& socket_;
    Clock::time_point at_ = Clock::time_point::max();
};

}  // namespace keytide::lab
