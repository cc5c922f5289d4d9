// Thrown by a door to end a process in the middle of a call. Whoever plays the process catches it; the code
// under test never does.
#pragma once

namespace keytide::simulator {

struct Crash {};

}  // namespace keytide::simulator
