// Tells the person at the terminal what has just become a fact.
#pragma once

#include "cli/terminal.hpp"
#include "ports/narrator.hpp"

namespace keytide::cli {

class Narration final : public ports::Narrator {
public:
    Narration(const Terminal& terminal, bool quiet) : terminal_(terminal), quiet_(quiet) {}
    void happened(const rotation::Rotation& after, const rotation::Event& event) override;
    void waiting(const rotation::Rotation& rotation, Duration time) override;

    // As of the last event; nothing before the first.
    const std::optional<rotation::Rotation>& last() const { return last_; }

private:
    const Terminal& terminal_;
    bool quiet_;
    bool waited_ = false;  // said once per phase, not once per poll
    rotation::Phase phase_ = rotation::Phase::create;
    std::optional<rotation::Rotation> last_;
};

}  // namespace keytide::cli
