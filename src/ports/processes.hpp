// Which process sends, and whether an earlier sender is proved dead.
#pragma once

#include "rotation/event.hpp"

namespace keytide::ports {

class Processes {
public:
    virtual ~Processes() = default;
    virtual rotation::Process self() = 0;

    // True only when it is certain. Another machine or another boot cannot be judged from here.
    virtual bool is_gone(const rotation::Process& sender) = 0;
};

}  // namespace keytide::ports
