#include "lab/deadlines.hpp"

#include <boost/asio/this_coro.hpp>

namespace keytide::lab {

Awaitable<void> Deadlines::keep(Duration pause) {
    const auto executor = co_await boost::asio::this_coro::executor;
    Timer timer(executor);
    for (;;) {
        timer.expires_after(pause);
        co_await timer.async_wait(token);
        const auto now = Deadline::Clock::now();
        for (auto* deadline : all_) {
            if (now < deadline->at_) continue;
            boost::system::error_code ignored;
            deadline->socket_.close(ignored);
        }
    }
}

Deadline::Deadline(Deadlines& all, Socket& socket) : all_(all), socket_(socket) {
    all_.all_.insert(this);
}

Deadline::~Deadline() {
    all_.all_.erase(this);
}

}  // namespace keytide::lab
