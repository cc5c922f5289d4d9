// When two situations are the same: times as seen from now, and nothing that no decision looks at.
#pragma once

#include <cstdint>

#include "simulator/explorer/setting.hpp"
#include "simulator/explorer/situation.hpp"

namespace keytide::simulator {

std::uint64_t fingerprint(const Setting& setting, const Situation& situation);

}  // namespace keytide::simulator
