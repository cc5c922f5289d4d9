// Lots that can be drawn again: while a request is served, they follow from the request's seed alone.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>

#include "lab/randomness.hpp"

namespace keytide::lab::journal {

class RepeatableRandomness {
public:
    explicit RepeatableRandomness(Randomness source) : state_(std::make_shared<State>(std::move(source))) {}

    // For the lab: draws from the present seed or, where there is none, from the source.
    Randomness randomness() const {
        return [state = state_](std::span<std::byte> bytes) { state->fill(bytes); };
    }

    std::string draw_seed() const;  // 32 bytes of the source

    void follow(std::string seed) { state_->begin(std::move(seed)); }
    void stop() { state_->begin({}); }

private:
    // SHA-256 in counter mode over the seed: nobody who lacks it can tell the lots from others.
    struct State {
        explicit State(Randomness from) : source(std::move(from)) {}
        void begin(std::string with);
        void fill(std::span<std::byte> bytes);

        Randomness source;
        std::string seed;  // empty: the source itself
        std::uint64_t counter = 0;
        std::string block;
    };
    std::shared_ptr<State> state_;
};

}  // namespace keytide::lab::journal
