// Processes as Linux knows them: by boot id, pid and start time.
#pragma once

#include "ports/processes.hpp"

namespace keytide::orchestrator {

class LinuxProcesses final : public ports::Processes {
public:
    rotation::Process self() override;

    // The same boot, and no process with that pid and start time.
    bool is_gone(const rotation::Process& sender) override;
};

}  // namespace keytide::orchestrator
