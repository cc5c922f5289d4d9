// Every door that a rotation needs, in one hand. The wiring owns what is behind them.
#pragma once

#include <vector>

#include "orchestrator/aws_clock.hpp"
#include "orchestrator/mfa_sessions.hpp"
#include "ports/access_keys.hpp"
#include "ports/destination.hpp"
#include "ports/entropy.hpp"
#include "ports/hand_outs.hpp"
#include "ports/identities.hpp"
#include "ports/probe.hpp"
#include "ports/processes.hpp"

namespace keytide::orchestrator {

struct Doors {
    ports::AccessKeys& access_keys;
    ports::Identities& identities;
    std::vector<ports::Probe*> probes;              // as Request::probes
    std::vector<ports::Destination*> destinations;  // as Request::destinations
    AwsClock& clock;
    ports::Entropy& entropy;
    ports::Processes& processes;
    ports::HandOuts& hand_outs;
    // Needed when an MFA device is named, and otherwise not asked.
    ports::SessionTokens* session_tokens = nullptr;
    MfaSessions* mfa_sessions = nullptr;
};

}  // namespace keytide::orchestrator
