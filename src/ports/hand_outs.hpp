// The door to the record of what Keytide itself hands out: credentials that carry a key, and when they
// expire.
//
// Whoever hands out reads the place where the key is and writes the record as one, so that of a key which a
// place held before it was written nothing more is handed out, and what latest() tells of it then is final.
#pragma once

#include <optional>

#include "vocabulary/access_key.hpp"
#include "vocabulary/error.hpp"

namespace keytide::ports {

class HandOuts {
public:
    virtual ~HandOuts() = default;

    // When the last credentials with this key expire, by the clock of this machine, by which the programs go
    // that have them. Nothing: none were handed out.
    virtual Result<std::optional<Instant>> latest(const AccessKeyId& key) = 0;
};

}  // namespace keytide::ports
