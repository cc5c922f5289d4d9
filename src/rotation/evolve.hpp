// evolve: what we know after something happened. Pure; the only builder of a Rotation.
//
// The table below is the protocol's map: which event may happen in which phase, and where it leads.
#pragma once

#include <span>

#include "rotation/record.hpp"
#include "vocabulary/error.hpp"

namespace keytide::rotation {

// Most rows hold always; the others tell which way a rotation goes.
enum class When {
    always,
    forward,      // neither of the following
    first_key,    // there is no old key
    compromised,  // and its own user rotates it: OLD is deactivated as soon as NEW works
    disarmed,     // compromised, and an administrator rotates it: OLD is deactivated first of all
    back,         // on the way back
    unwritten,    // no write of NEW was attempted
    written,
    deactivating,  // OLD is to be deactivated before it is deleted, and still Active
    deleting,      // it is not
};
bool holds(const Rotation& rotation, When when);

struct Row {
    Phase from;
    std::string_view event;
    Phase to;
    When when = When::always;
};
std::span<const Row> table();

// The first event is Started. An event that the phase does not allow is an error: the ledger is not ours, or
// is damaged, and nothing may be done on its word.
Result<Rotation> begin(RotationId id, const Event& started);
Result<void> evolve(Rotation& rotation, const Event& event);

}  // namespace keytide::rotation
