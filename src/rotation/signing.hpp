// Whose secrets an action takes. Pure.
#pragma once

#include <vector>

#include "rotation/action.hpp"
#include "rotation/record.hpp"

namespace keytide::rotation {

// The actions whose calls the actor signs, or that are the last look before one. Probes show the key itself.
bool is_signed(const Action& action);

// The keys, OLD and NEW, without whose secrets that action cannot be done. An administrator's is not among
// them.
std::vector<Which> secrets_taken_by(const Rotation& rotation, const Action& action);

}  // namespace keytide::rotation
