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

// Until when a deletion of NEW can land that the process which made it may have sent, because it could not
// record NEW. In AWS's time once a probe was answered.
Instant unrecorded_deletion_lands(const Rotation& rotation);

// Whether a destination holds no key, and is told that one was delivered.
bool is_notice(std::string_view destination);

// Whoever was handed the incoming key and has not said yet that it is in use; null when nobody is waited for.
const Delivery* awaited_person(const Rotation& rotation);
bool is_awaited(const Delivery& delivery);
bool is_reminder_due(const Delivery& delivery, Duration every, Instant now);

// Whether an identity is the user whose key is replaced: by UserId, and by ARN only while the UserId is
// unknown.
bool is_the_user(const Rotation& rotation, const CallerIdentity& identity);

// The key whose signature this rotation's calls carry now; the administrator's is not in the ledger.
enum class Signer { old_key, new_key, administrator };
Signer actor(const Rotation& rotation);

// Which key is to be used in the end, and which one goes. The way back swaps them.
Which incoming(const Rotation& rotation);
Which outgoing(const Rotation& rotation);

// The key that must be shown to work before the other one is touched.
Which kept(const Rotation& rotation);
const AccessKeyId& key_of(const Rotation& rotation, Which which);  // old_key or new_key, which must exist

}  // namespace keytide::rotation
