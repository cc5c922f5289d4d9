// One connection: reads requests, has them answered, writes the replies, in order, until somebody has enough.
#pragma once

#include "lab/coroutine.hpp"
#include "lab/deadlines.hpp"
#include "lab/rehearsal.hpp"
#include "lab/server.hpp"
#include "lab/waiting.hpp"

namespace keytide::lab {

// What all connections of a server share.
struct Surroundings {
    Rehearsal& rehearsal;
    const Server::Clock& clock;  // the real one
    const Server::Limits& limits;
    Waiting& waiting;
    Deadlines& deadlines;
};

// Ends when the connection does; throws nothing that its caller need know of.
Awaitable<void> serve_connection(Socket socket, Surroundings surroundings);

}  // namespace keytide::lab
