// The door to the durable event stream.
//
// append() is conditional on the sequence number, which is the fencing token: whoever has not seen the newest
// event cannot write. When it returns without an error the event is on disk; after an error it may be, and
// whoever got one for an intent makes no call: resuming looks. Sealed values lie beside the
// events, outside the chain, so that they can be wiped; an end (Completed, RolledBack) wipes those of its
// rotation with it.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "rotation/event.hpp"
#include "vocabulary/access_key.hpp"
#include "vocabulary/error.hpp"

namespace keytide::ports {

using Sequence = std::uint64_t;  // of a rotation's events: 1, 2, 3…; 0 before the first

struct Recorded {
    Sequence sequence;
    rotation::Event event;
};

class Ledger {
public:
    virtual ~Ledger() = default;

    // Appends as number `last_seen` + 1 and seals `keys` in the same transaction. Busy when somebody else
    // wrote first.
    virtual Result<Sequence> append(const rotation::RotationId& id, Sequence last_seen,
                                    const rotation::Event& event,
                                    std::span<const AccessKey* const> keys = {}) = 0;

    // In order. An unknown id is an error; so is a broken chain.
    virtual Result<std::vector<Recorded>> events(const rotation::RotationId& id) = 0;

    // All rotations, oldest first.
    virtual Result<std::vector<rotation::RotationId>> rotations() = 0;

    // The key sealed for this rotation. Lost when none is sealed, when it was wiped, and when what is sealed
    // cannot be opened.
    virtual Result<AccessKey> unseal(const rotation::RotationId& id, const AccessKeyId& key) = 0;

    // Makes sure that the next append has room on the disk, so that a full disk shows before a call and not
    // after it.
    virtual Result<void> reserve() = 0;
};

}  // namespace keytide::ports
