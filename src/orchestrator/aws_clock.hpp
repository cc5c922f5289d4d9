// AWS's time as well as we know it: the local clock, corrected by the Date of AWS's answers.
#pragma once

#include <optional>

#include "ports/clock.hpp"

namespace keytide::orchestrator {

class AwsClock final : public ports::Clock {
public:
    explicit AwsClock(ports::Clock& local) : local_(local) {}

    Instant now() override { return local_.now() + skew_; }
    bool sleep(Duration time) override { return local_.sleep(time); }
    bool interrupted() override { return local_.interrupted(); }

    // Date has a resolution of one second, and an answer travels: smaller differences teach nothing.
    void learn(std::optional<Instant> server_time) {
        if (!server_time) return;
        const auto difference = *server_time - now();
        if (difference > tolerance || difference < -tolerance) skew_ += difference;
    }

    Duration skew() const { return skew_; }  // AWS's time minus the local clock's

private:
    static constexpr Duration tolerance = std::chrono::seconds{3};
    ports::Clock& local_;
    Duration skew_{0};
};

}  // namespace keytide::orchestrator
