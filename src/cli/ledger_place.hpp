// Where the ledger lies, and the key that opens it.
#pragma once

#include "cli/session.hpp"
#include "ledger/sqlite_ledger.hpp"

namespace keytide::cli {

// With the key that is given, if one is.
Result<ledger::SqliteLedger::Options> find_ledger(Session& session);

// An anchor without a ledger is an error: rotations may be unfinished in one that was deleted, or lies
// elsewhere.
Result<void> check_that_no_ledger_is_missing(const ledger::SqliteLedger::Options& options);

}  // namespace keytide::cli
