// The audit of a ledger: everything that is wrong with it, and where.
//
// Opening a ledger stops at the first trouble, since nothing may be done then; this goes on, and needs no
// event to make sense. It finds every change to what the chain covers, an end that was cut off before the
// anchor's, another history than the anchor's, sealed values that do not open or should have been wiped, and
// a file that SQLite finds damaged. What it cannot find: events cut off after the last that was anchored
// (sqlite_ledger.hpp says which those can be), and sealed values that were taken out.
#pragma once

#include "ledger/chain_audit.hpp"
#include "ledger/sqlite_ledger.hpp"

namespace keytide::ledger {

struct Verification {
    std::string ledger_id;
    std::string key;  // key_id() of the sealing key
    std::vector<StoredEvent> events;
    std::size_t rotations = 0;
    std::size_t sealed_values = 0;
    std::optional<std::uint64_t> anchored;  // up to which event
    std::vector<Finding> findings;
};

// An error only when nothing can be said: no ledger, no sealing key or another one's, or while the key is
// changed.
Result<Verification> verify(const SqliteLedger::Options& options, ports::Entropy& entropy);

}  // namespace keytide::ledger
