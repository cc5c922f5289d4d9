// The look before a rotation: whose key it is, what the user has, what may be done. Nothing is changed, and
// nothing is recorded; what stands in the way is said before anything exists that would have to be undone.
#pragma once

#include "orchestrator/doors.hpp"
#include "rotation/request.hpp"

namespace keytide::orchestrator {

struct Wanted {
    std::optional<std::string> user_name;      // --user-name
    std::optional<AccessKeyId> access_key_id;  // --access-key-id
    bool first_key = false;                    // the user is to have no key yet
    bool replace_inactive = false;             // --second-slot: an inactive second key may be deleted
    std::string mfa_serial;                    // the signer's device, when its key is to sign by a session
    // Also what leaves a trace, though it changes nothing: one DeleteAccessKey of an id that cannot exist,
    // and the destinations' locks. False for a dry run.
    bool knock = true;
};

struct Survey {
    CallerIdentity signer;
    CallerIdentity user;
    std::string user_name;
    bool self = false;                             // the signer is the user
    std::optional<AccessKeyId> old_key;            // nothing when a first key is wanted
    std::optional<std::vector<KeyMetadata>> keys;  // nothing when listing is not allowed
    std::optional<AccessKeyId> give_up;            // the inactive key in the second slot
    bool may_deactivate = false;                   // iam:UpdateAccessKey; false when nobody asked
    bool may_see_last_use = false;                 // iam:GetAccessKeyLastUsed
    std::vector<std::optional<AccessKey>> held;    // by destination
};

// The signer's identity, with the clock corrected by AWS's when that is why it was refused.
Result<CallerIdentity> identify(Doors& doors, const AccessKey& signer);

// Refuses, with words that say what to do: root and role identities, an unknown or ambiguous key, an OLD that
// is not Active, both slots taken, no permission to delete, a destination that is unreadable or holds a
// stranger's key.
Result<Survey> survey(Doors& doors, const AccessKey& key, const CallerIdentity& identity,
                      const Wanted& wanted);

// What a rotation of this survey would do without.
std::vector<rotation::Guarantee> skipped_guarantees(const Doors& doors, const Survey& survey,
                                                    const rotation::Numbers& numbers);

}  // namespace keytide::orchestrator
