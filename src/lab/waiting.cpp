#include "lab/waiting.hpp"

#include <boost/asio/this_coro.hpp>

namespace keytide::lab {
namespace {

namespace asio = boost::asio;

// In the set as long as it lives: a coroutine can be destroyed while it waits.
class Listed {
public:
    Listed(std::set<Timer*>& all, Timer& one) : all_(all), one_(one) { all_.insert(&one_); }
    Listed(const Listed&) = delete;
    Listed& operator=(const Listed&) = delete;
    ~Listed() { all_.erase(&one_); }

private:
    std::set<Timer*>& all_;
    Timer& one_;
};

}  // namespace

Awaitable<void> Waiting::until(Instant due, std::uint64_t life) {
    const auto executor = co_await asio::this_coro::executor;
    Timer timer(executor);
    const Listed listed(timers_, timer);
    while (life == rehearsal_.life()) {
        const auto left = rehearsal_.clock().real_time_until(due, clock_());
        if (left <= Duration{0}) break;
        timer.expires_after(left);
        co_await timer.async_wait(token);
    }
}

void Waiting::look_again() {
    for (auto* timer : timers_) timer->cancel();
}

}  // namespace keytide::lab
