// decide: what to do next, from what we know and what time it is at AWS. Pure, total, and the only place that
// chooses. Unknown is never a reason to destroy; deadlines lead to a wait or to a person, never to a deletion
// of OLD.
#pragma once

#include "rotation/action.hpp"
#include "rotation/record.hpp"

namespace keytide::rotation {

// `now` is AWS's time as well as we know it. Waits are measured in it and looked at again at each gate.
Action decide(const Rotation& rotation, Instant now);

}  // namespace keytide::rotation
