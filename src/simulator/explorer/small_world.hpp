// The doors of a rotation over a Situation. What may go wrong behind each is asked of Choices.
//
// The real orchestrator works here, one step at a time. Whatever the doors do is done to the situation at
// once; what a door must never be asked is noted there as a violation.
#pragma once

#include "simulator/explorer/choices.hpp"
#include "simulator/explorer/setting.hpp"
#include "simulator/explorer/situation.hpp"
#include "simulator/explorer/tell.hpp"

namespace keytide::simulator {

// At the beginning: the rotation is recorded as started, and nothing else has happened.
Situation beginning(const Setting& setting);

// One step of the process at work: of its orchestrator while it runs, otherwise the next process, a person's
// answer, or the time that is waited for.
void take_step(const Setting& setting, Situation& situation, Choices& choices, const Tell& tell);

// The frozen process goes on, and ends.
void thaw(const Setting& setting, Situation& situation, Choices& choices, const Tell& tell);

// `keytide rollback`, in a process of its own.
void person_goes_back(const Setting& setting, Situation& situation, const Tell& tell);

// A late call arrives.
void land(const Setting& setting, Situation& situation, std::size_t which);

// Forgets what can make no difference any more, so that equal situations look equal.
void settle(const Setting& setting, Situation& situation);

}  // namespace keytide::simulator
