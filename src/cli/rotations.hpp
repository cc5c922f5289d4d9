// The recorded rotations, and the carrying out of one under its lock.
#pragma once

#include "cli/report.hpp"
#include "cli/session.hpp"

namespace keytide::cli {

Result<std::vector<rotation::Rotation>> all_rotations(ports::Ledger& ledger);

// One rotation, from its start or from where it was left, alone on its user.
Report start_rotation(Session& session, const rotation::Request& request, const AccessKey& signer);
Report resume_rotation(Session& session, const rotation::Rotation& rotation);

// Of these rotations, those that a process carries out right now, and which one.
std::map<rotation::RotationId, long> at_work(const Session& session,
                                             const std::vector<rotation::Rotation>& rotations);

}  // namespace keytide::cli
