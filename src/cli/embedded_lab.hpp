// A lab in this process, on a free port of loopback, with no control plane.
#pragma once

#include <memory>
#include <string>
#include <thread>

#include "lab/server.hpp"
#include "ports/clock.hpp"
#include "ports/entropy.hpp"

namespace keytide::cli {

// What the lab draws its lots from; `entropy` outlives it.
lab::Randomness randomness_of(ports::Entropy& entropy);

class EmbeddedLab {
public:
    // Listens. Both the clock and whatever the lab's randomness refers to outlive it.
    static Result<std::unique_ptr<EmbeddedLab>> open(lab::Lab lab, lab::Rehearsal::Options options,
                                                     ports::Clock& clock);
    ~EmbeddedLab();
    EmbeddedLab(const EmbeddedLab&) = delete;
    EmbeddedLab& operator=(const EmbeddedLab&) = delete;

    lab::Lab& lab() { return lab_; }
    lab::Rehearsal& rehearsal() { return rehearsal_; }
    std::string endpoint() const;

    // In a thread of its own: from here on the lab is that one's.
    void serve();

private:
    EmbeddedLab(lab::Lab lab, lab::Rehearsal::Options options)
        : lab_(std::move(lab)), rehearsal_(lab_, std::move(options)) {}

    lab::Lab lab_;
    lab::Rehearsal rehearsal_;
    std::unique_ptr<lab::Server> server_;
    std::jthread serving_;
};

}  // namespace keytide::cli
