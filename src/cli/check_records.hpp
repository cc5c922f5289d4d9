// What Keytide keeps itself: its folders, the sealing key, the ledger, and what has not ended in it.
#pragma once

#include "cli/check.hpp"
#include "cli/session.hpp"
#include "vocabulary/identity.hpp"

namespace keytide::cli {

Checks check_records(Session& session);

// Whether a rotation of this user could begin now.
Check check_lock(const Session& session, const AccountId& account, const std::string& user_name);

}  // namespace keytide::cli
