// The key under which secrets are sealed and the ledger is chained: 32 random bytes in a file of mode 0600,
// outside the ledger's folder, so that a copy of the ledger alone gives nothing away.
#pragma once

#include <filesystem>

#include "ports/entropy.hpp"
#include "vocabulary/error.hpp"
#include "vocabulary/secret.hpp"

namespace keytide::ledger {

// The key that is there. Missing, of another length, or open to others: an error, never a new key.
Result<Secret> load_sealing_key(const std::filesystem::path& file);

// For a ledger that is yet to be made. Processes that do this at once end with the same key.
Result<Secret> load_or_make_sealing_key(const std::filesystem::path& file, ports::Entropy& entropy);

}  // namespace keytide::ledger
