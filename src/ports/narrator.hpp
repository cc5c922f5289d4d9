// Tells whoever watches what has just become a fact. Listening changes nothing.
#pragma once

#include "rotation/record.hpp"

namespace keytide::ports {

class Narrator {
public:
    virtual ~Narrator() = default;
    virtual void happened(const rotation::Rotation& after, const rotation::Event& event) = 0;
    virtual void waiting(const rotation::Rotation& rotation, Duration time) = 0;
};

}  // namespace keytide::ports
