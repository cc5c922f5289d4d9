// The life of one user, from one seed: a few rotations in a row, with everything going wrong at random. What
// went wrong is written down as a script, so that it can be played again, shortened, and told.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <string>

#include "simulator/script.hpp"

namespace keytide::simulator {

// What a played script has shown.
struct Lived {
    Script script;
    std::optional<std::string> violation;
    int rotations = 0;
    std::set<std::string> happened;  // names of events
};

Lived live(std::uint32_t seed);
Lived live_again(const Script& script);

// Leaves lines away, one after the other, while the script still `fails`; what is left fails only as a whole.
Script shrink(Script script, const std::function<bool(const Script&)>& fails);

// As a story file has it.
std::string tell(const std::string& title, const Script& script);

}  // namespace keytide::simulator
