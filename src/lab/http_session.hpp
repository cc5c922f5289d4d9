// One connection: reads requests, has them answered, writes the replies, in order, until somebody has enough.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>

#include "lab/lab.hpp"
#include "lab/server.hpp"

namespace keytide::lab {

// Ends when the connection does; throws nothing that its caller need know of.
boost::asio::awaitable<void> serve_connection(boost::asio::ip::tcp::socket socket, Lab& lab,
                                              const Server::Clock& clock);

}  // namespace keytide::lab
