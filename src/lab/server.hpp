// The lab on a port: HTTP/1.1 over TCP, one thread, one coroutine per connection.
//
// Whatever bytes arrive, the sender gets an answer in AWS's shape or a closed connection, and everybody else
// is served as before. A request has 64 KiB for its head, and 2 MiB for its body, or 256 MiB where it uploads
// to S3.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>

#include "lab/rehearsal.hpp"
#include "vocabulary/error.hpp"
#include "vocabulary/instant.hpp"

namespace keytide::lab {

class Server {
public:
    using Clock = std::function<Instant()>;

    struct Limits {
        std::size_t connections = 512;                         // one more is closed at once
        Duration time_for_request = std::chrono::seconds(60);  // from the end of the one before; all of it
    };

    // Listens at once: a request sent after this is answered as soon as run() is called. `address`: a literal
    // IP address. `port` 0 picks a free one. The rehearsal must outlive the server.
    static Result<Server> listen(Rehearsal& rehearsal, std::string_view address, std::uint16_t port,
                                 Clock clock, Limits limits);
    static Result<Server> listen(Rehearsal& rehearsal, std::string_view address, std::uint16_t port,
                                 Clock clock) {
        return listen(rehearsal, address, port, std::move(clock), Limits());
    }

    Server(Server&&) noexcept;
    Server& operator=(Server&&) noexcept;
    ~Server();

    std::uint16_t port() const;  // the one listened on

    // Serves until stop(). Everything, the lab included, happens in the calling thread.
    void run();

    // Ends run(), from any thread, before or during it. Not for signal handlers, which may do next to
    // nothing: wait for the signal in a thread.
    void stop();

private:
    struct State;
    explicit Server(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace keytide::lab
