// Every interleaving of a small world, up to a number of misfortunes, with the invariants asked in every
// situation.
//
// Depth first, with situations that were seen before left out. Where nothing more goes wrong, a rotation must
// come to its end: a way that leads back to where it was is a violation of Termination.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "simulator/explorer/turn.hpp"

namespace keytide::simulator {

struct Budget {
    int any = 1;        // so many misfortunes of any kind…
    int dangerous = 1;  // …or so many, when all of them are dangerous (choices.hpp)
};

// Either to the first violation, or on beyond all of them, to learn which invariants can be violated at all.
enum class Until { first_violation, all_violations };

struct Explored {
    std::uint64_t states = 0;       // distinct situations
    std::uint64_t transitions = 0;  // ways taken between them
    std::uint64_t depth = 0;        // the longest way
    std::optional<std::string> violation{};
    std::vector<Turn> way{};             // to the first violation
    std::set<std::string> invariants{};  // the names of those that were violated
    std::set<rotation::Phase> phases{};  // that were seen
};

Explored explore(const Setting& setting, Budget budget, Until until = Until::first_violation);

// The way again, told in words.
std::string story_of(const Setting& setting, const std::vector<Turn>& way);

}  // namespace keytide::simulator
