// What must hold, as questions to a Situation by an observer who knows everything. Each answer is empty, or
// says which invariant is broken and how.
#pragma once

#include <string>

#include "simulator/explorer/setting.hpp"
#include "simulator/explorer/situation.hpp"

namespace keytide::simulator {

// In every situation.
std::string violated(const Setting& setting, const Situation& situation);

// When a call that changes AWS is about to leave.
std::string violated_by_sending(const Setting& setting, const Situation& situation, Operation operation,
                                KeyNumber target, KeyNumber signer);

// When a key was deleted or deactivated by us: `before` is what it was.
std::string violated_by_destroying(const Setting& setting, const Situation& before, const Situation& after);

// When a place was written.
std::string violated_by_writing(const Situation& situation, KeyNumber replaced);

}  // namespace keytide::simulator
