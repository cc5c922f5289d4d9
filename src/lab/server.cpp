#include "lab/server.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include "lab/http_session.hpp"

namespace keytide::lab {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

constexpr auto pause_after_failed_accept = std::chrono::milliseconds(100);

// What is late is closed a quarter of its time later at most.
Duration pause_between_looks(const Server::Limits& limits) {
    return std::clamp<Duration>(limits.time_for_request / 4, std::chrono::milliseconds(10),
                                std::chrono::milliseconds(500));
}

}  // namespace

struct Server::State {
    Rehearsal& rehearsal;
    Clock clock;
    Limits limits;
    Waiting waiting{rehearsal, clock};
    Deadlines deadlines;  // outlives the context, and with it every connection
    ReplyDate date;
    std::size_t connections = 0;
    asio::io_context context{1};
    Acceptor acceptor{context};
    Timer pause{context};
    std::uint16_t port = 0;

    Awaitable<void> accept() {
        for (;;) {
            auto [error, socket] = co_await acceptor.async_accept(token);
            if (error) {  // out of file descriptors, as a rule: some may be free soon
                pause.expires_after(pause_after_failed_accept);
                co_await pause.async_wait(token);
                continue;
            }
            boost::system::error_code ignored;
            socket.set_option(tcp::no_delay(true), ignored);
            if (connections >= limits.connections) continue;  // and so closed
            ++connections;
            asio::co_spawn(
                context,
                serve_connection(std::move(socket), {rehearsal, clock, limits, waiting, deadlines, date}),
                [this](const std::exception_ptr&) { --connections; });
        }
    }
};

Result<Server> Server::listen(Rehearsal& rehearsal, std::string_view address, std::uint16_t port, Clock clock,
                              Limits limits) {
    const auto hint = "Give --listen a literal IP address and a free port, 127.0.0.1:0 for any";
    boost::system::error_code error;
    const auto ip = asio::ip::make_address(std::string(address), error);
    if (error) return usage_error(fmt::format("{} is not an IP address", address), hint);
    const tcp::endpoint endpoint(ip, port);

    std::unique_ptr<State> state(new State{rehearsal, std::move(clock), limits});
    auto& acceptor = state->acceptor;
    acceptor.open(endpoint.protocol(), error);
    if (!error) acceptor.set_option(asio::socket_base::reuse_address(true), error);
    if (!error) acceptor.bind(endpoint, error);
    if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
    if (error)
        return failed(fmt::format("Cannot listen on {} port {}: {}", address, port, error.message()), hint);
    state->port = acceptor.local_endpoint(error).port();
    asio::co_spawn(state->context, state->accept(), asio::detached);
    asio::co_spawn(state->context, state->deadlines.keep(pause_between_looks(limits)), asio::detached);
    return Server(std::move(state));
}

Server::Server(std::unique_ptr<State> state) : state_(std::move(state)) {}
Server::Server(Server&&) noexcept = default;
Server& Server::operator=(Server&&) noexcept = default;
Server::~Server() = default;

std::uint16_t Server::port() const {
    return state_->port;
}
void Server::run() {
    state_->context.run();
}
void Server::stop() {
    state_->context.stop();
}

}  // namespace keytide::lab
