// Questions about a rotation that both evolve and decide ask. Pure.
#pragma once

#include "rotation/record.hpp"

namespace keytide::rotation {

bool holds(const std::vector<KeyMetadata>& keys, const AccessKeyId& id);

// Can the fold explain what was seen? A third key, NEW disabled by someone, or a destination that holds
// neither OLD nor NEW are nobody's doing that we know of.
bool explains(const Rotation& rotation, const Inspected& seen);
std::string oddity(const Rotation& rotation, const Inspected& seen);  // in words; empty when explained

// The keys that appeared since the list before the unanswered CreateAccessKey.
std::vector<KeyMetadata> appeared(const Rotation& rotation);

// Until when a CreateAccessKey without an outcome can still land. Needs `create`.
Instant live_until(const Rotation& rotation);

// Whether an identity is the user whose key is replaced: by UserId, and by ARN only while the UserId is
// unknown.
bool is_the_user(const Rotation& rotation, const CallerIdentity& identity);

// The key whose signature this rotation's calls carry now; the administrator's is not in the ledger.
enum class Signer { old_key, new_key, administrator };
Signer actor(const Rotation& rotation);

}  // namespace keytide::rotation
