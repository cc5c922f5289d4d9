// Time that is slept through at once: the real clock, ahead by all that was waited for.
#pragma once

#include <atomic>

#include "ports/clock.hpp"

namespace keytide::cli {

// Read by the lab's thread too.
class RehearsalClock final : public ports::Clock {
public:
    explicit RehearsalClock(ports::Clock& real) : real_(real) {}

    Instant now() override { return real_.now() + Duration{ahead_.load()}; }
    bool sleep(Duration time) override {
        ahead_ += time.count();
        return !interrupted();
    }
    bool interrupted() override { return real_.interrupted(); }

private:
    ports::Clock& real_;
    std::atomic<Duration::rep> ahead_{0};
};

}  // namespace keytide::cli
