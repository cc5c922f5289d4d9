// Changing the sealing key, so that no crash leaves a value that no key opens.
//
//   1. the new key is on disk (beside the old one, or wherever the person keeps it)
//   2. one transaction: every sealed value is opened, sealed under the new key, and read back; the key of the
//      chain goes into the past (rekeyed_chain.hpp), sealed under the new key like the keys before it; the
//      ledger says that the new key is its own; the chain is read again from its first event
//   3. the log is emptied, so that no value remains that the old key opens
//   4. the new key takes the old one's place in its file
//
// Between 2 and 4 both keys are there, and whoever opens the ledger takes the one that it says is its own.
// The anchor is as it was, since no link changes. Nobody else has the ledger open meanwhile
// (folder_lock.hpp).
#pragma once

#include "ledger/sqlite_ledger.hpp"

namespace keytide::ledger {

// `wanted`: the new key, otherwise a random one is made; needed when the old one does not come from the file,
// and then it is the caller's to keep. Doing it again after a crash ends what was begun.
Result<SqliteLedger::Rekeyed> rekey(const SqliteLedger::Options& options, const GivenKey* wanted,
                                    ports::Entropy& entropy);

}  // namespace keytide::ledger
