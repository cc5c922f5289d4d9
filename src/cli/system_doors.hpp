// Time, randomness and the person's interruption, as this machine gives them.
#pragma once

#include "ports/clock.hpp"
#include "ports/entropy.hpp"

namespace keytide::cli {

// SIGINT and SIGTERM interrupt; the step at work is finished first. A second SIGINT ends the process at once,
// as a crash would.
class SystemClock final : public ports::Clock {
public:
    SystemClock();  // installs the signal handlers
    Instant now() override;
    bool sleep(Duration time) override;
    bool interrupted() override;
};

// The same, for those who have no clock.
bool is_interrupted();

class SystemEntropy final : public ports::Entropy {
public:
    void fill(std::span<std::byte> bytes) override;
};

}  // namespace keytide::cli
