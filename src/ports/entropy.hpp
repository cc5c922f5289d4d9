// Randomness as an argument.
#pragma once

#include <cstddef>
#include <span>

namespace keytide::ports {

class Entropy {
public:
    virtual ~Entropy() = default;
    virtual void fill(std::span<std::byte> bytes) = 0;  // unpredictable outside of tests
};

}  // namespace keytide::ports
