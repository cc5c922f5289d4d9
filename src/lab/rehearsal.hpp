// A rehearsal on the lab: its clock, what is to go wrong, and the record of what was asked. Everything that
// happens to a request is decided here; http_session.cpp waits, writes and closes as it is told.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "lab/lab.hpp"
#include "lab/misbehaviour/fault_rules.hpp"
#include "lab/misbehaviour/request_log.hpp"
#include "lab/misbehaviour/virtual_clock.hpp"

namespace keytide::lab {

class Rehearsal {
public:
    struct Options {
        Secret token{};          // opens the control plane (control/control.hpp); empty: nothing does
        std::uint64_t seed = 1;  // of all that is left to chance
        misbehaviour::Propagation propagation{};
        Duration signature_window = Lab::longest_window;
    };

    // The lab must outlive it.
    Rehearsal(Lab& lab, Options options);

    Lab& lab() { return lab_; }
    Instant now(Instant real) const { return clock_.at(real); }

    // A request that has come, and what is to become of it.
    struct Arrival {
        misbehaviour::Attempt attempt;
        misbehaviour::Course course;
        Instant received;    // by the lab's clock
        Instant real;        // by the real one
        std::uint64_t life;  // of the account: a reset begins another

        // When it reaches AWS, by the lab's clock.
        Instant lands_at() const;
        // Whether the client is cut off before that.
        bool hangs_up() const;
    };
    Arrival receive(const Request& request, Instant real);

    // What the client gets to see.
    struct Ending {
        std::optional<Reply> reply;              // nothing: the connection is closed
        std::optional<std::size_t> cut_after{};  // only so many bytes of the body, then it is closed
        bool reset = false;                      // it is not closed, but torn down
    };
    // Once it has landed. Whatever comes out of an earlier life is lost.
    Ending act(Request request, const Arrival& arrival, Instant real);

    // For the control plane.
    std::uint64_t life() const { return life_; }
    const Secret& token() const { return options_.token; }
    misbehaviour::VirtualClock& clock() { return clock_; }
    misbehaviour::FaultRules& faults() { return faults_; }
    const misbehaviour::RequestLog& log() const { return log_; }
    // All as it was when the rehearsal began, with the same token and root key.
    Result<void> reset(Instant real);

private:
    void settle();

    Lab& lab_;
    Options options_;
    std::uint64_t life_ = 0;
    misbehaviour::VirtualClock clock_;
    misbehaviour::FaultRules faults_;
    misbehaviour::RequestLog log_;
};

}  // namespace keytide::lab
