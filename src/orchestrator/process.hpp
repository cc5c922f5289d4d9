// Which process sends, and whether an earlier sender is proved dead (Linux: boot id, pid, start time).
#pragma once

#include "rotation/event.hpp"

namespace keytide::orchestrator {

rotation::Process this_process();

// True only when it is certain: the same boot, and no process with that pid and start time. Another machine
// or another boot cannot be judged from here.
bool is_gone(const rotation::Process& sender);

}  // namespace keytide::orchestrator
