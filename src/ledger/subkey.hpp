// Keys for different purposes, derived from the sealing key, so that no two uses share one (crypto_kdf).
#pragma once

#include <cstdint>

#include "vocabulary/error.hpp"
#include "vocabulary/secret.hpp"

namespace keytide::ledger {

enum class Purpose : std::uint64_t { sealing = 1, chain = 2 };  // the numbers are in every ledger's bytes

// 32 bytes from 32 bytes.
Result<Secret> derive(const Secret& sealing_key, Purpose purpose);

}  // namespace keytide::ledger
