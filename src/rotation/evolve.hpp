// evolve: what we know after something happened. Pure; the only builder of a Rotation.
//
// The table below is the protocol's map: which event may happen in which phase, and where it leads.
#pragma once

#include <span>

#include "rotation/record.hpp"
#include "vocabulary/error.hpp"

namespace keytide::rotation {

struct Row {
    Phase from;
    std::string_view event;
    Phase to;
};
std::span<const Row> table();

// The first event is Started. An event that the phase does not allow is an error: the ledger is not ours, or
// is damaged, and nothing may be done on its word.
Result<Rotation> begin(RotationId id, const Event& started);
Result<void> evolve(Rotation& rotation, const Event& event);

}  // namespace keytide::rotation
