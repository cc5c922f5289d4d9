// The recorded rotations, and the carrying out of one under its lock.
#pragma once

#include "cli/report.hpp"
#include "cli/session.hpp"
#include "ledger/user_lock.hpp"

namespace keytide::cli {

// All that the ledger knows, oldest first; none when nothing was ever recorded here.
Result<std::vector<rotation::Rotation>> recorded_rotations(Session& session);

// The one with this id; a usage error when there is none.
Result<rotation::Rotation> recorded_rotation(Session& session, const rotation::RotationId& id);

// One at a time: held while a rotation of this user is looked into, consented to and carried out.
Result<ledger::UserLock> lock_user(Session& session, const AccountId& account, const std::string& user_name,
                                   const std::string& user_id);

// From its start, under the caller's lock.
Report start_rotation(Session& session, const rotation::Request& request, const AccessKey& signer);

// From where it was left; only to remind those who are waited for; and with a person's word, GoingBack or
// Abandoned. All lock.
Report resume_rotation(Session& session, const rotation::Rotation& rotation);
Report remind_of_rotation(Session& session, const rotation::Rotation& rotation);
Report settle_rotation(Session& session, const rotation::RotationId& id, rotation::Event by_a_person);

// Of these rotations, those that a process carries out right now, and which one.
std::map<rotation::RotationId, long> at_work(const Session& session,
                                             const std::vector<rotation::Rotation>& rotations);

}  // namespace keytide::cli
