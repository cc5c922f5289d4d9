// exec:COMMAND: whatever a person's own command can write to. What it is told and how it answers is in
// docs/destinations/exec.md, and is kept as it is.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "ports/destination.hpp"

namespace keytide::destinations {

struct ExecPlace {
    std::string uri, command, folder;
    bool is_readable = true;  // it answers to the action "read", too
    Duration timeout;
};

std::unique_ptr<ports::Destination> exec_destination(ExecPlace place, std::function<bool()> interrupted);

}  // namespace keytide::destinations
