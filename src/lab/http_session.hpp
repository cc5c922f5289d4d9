// One connection: reads requests, has them answered, writes the replies, in order, until somebody has enough.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>

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
};

// Ends when the connection does; throws nothing that its caller need know of.
boost::asio::awaitable<void> serve_connection(boost::asio::ip::tcp::socket socket, Surroundings surroundings);

}  // namespace keytide::lab
