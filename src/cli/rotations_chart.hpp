// A time line of rotations as SVG: a line for each, from its start to its last event.
#pragma once

#include <string>
#include <vector>

#include "rotation/record.hpp"

namespace keytide::cli {

// Those that touch the time between, the latest first and not more than fit; empty when there are none.
std::string rotations_chart(const std::vector<rotation::Rotation>& rotations, Instant from, Instant to);

}  // namespace keytide::cli
