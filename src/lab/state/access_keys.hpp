// All access keys of the lab, of whichever account, found by their id in one look-up in a hash table: who
// presents a key says nothing else of himself.
//
// A key belongs to the unique id of its user, which outlives a change of the user's name, or to the number
// of the account whose root user has it. Two per owner.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_access-keys.html
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "lab/misbehaviour/delays.hpp"
#include "lab/randomness.hpp"
#include "lab/service_error.hpp"
#include "lab/state/key_past.hpp"
#include "signature/signing_keys.hpp"
#include "vocabulary/access_key.hpp"
#include "vocabulary/identity.hpp"
#include "vocabulary/instant.hpp"

namespace keytide::lab {

struct KeyUse {
    Instant at;
    std::string service;
    std::string region;
};

struct StoredKey {
    AccessKey key;
    KeyStatus status = KeyStatus::active;
    Instant created;
    AccountId account;
    std::string owner;  // AIDA…, or the account number: the root user's
    std::optional<KeyUse> last_used{};
    mutable signature::SigningKeys signing_keys{};

    bool is_roots() const { return owner == account; }
};

// Pointers stay valid until the key is deleted.
class AccessKeys {
public:
    // LimitExceeded for the third.
    Outcome<const StoredKey*> create(const AccountId& account, std::string_view owner,
                                     const Randomness& randomness, Instant now);
    // A key that was chosen outside, whose id nobody has.
    const StoredKey& adopt(AccessKey key, const AccountId& account, std::string_view owner, Instant now);

    // NoSuchEntity when the key is not this owner's.
    Outcome<void> update(std::string_view owner, std::string_view id, KeyStatus status, Instant now);
    Outcome<void> erase(std::string_view owner, std::string_view id, Instant now);

    const StoredKey* find(std::string_view id) const;                      // null: none
    std::vector<const StoredKey*> owned_by(std::string_view owner) const;  // oldest first

    // Uses within fifteen minutes of a recorded one leave no trace, as on AWS.
    // https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_getting-report.html
    void record_use(std::string_view id, Instant now, std::string_view service, std::string_view region);

    // What replicas see that hear of changes late. Of what happens from now on, so much is remembered.
    void remember_for(Duration horizon);
    struct Seen {
        const StoredKey* key;  // perhaps of one that was erased
        KeyStatus status;
    };
    std::optional<Seen> seen(std::string_view id, const misbehaviour::Delays& delays, Instant now) const;
    std::vector<Seen> owned_as_of(std::string_view owner, Duration ago, Instant now) const;
    std::optional<KeyUse> use_as_of(const StoredKey& key, Duration ago, Instant now) const;

private:
    struct Hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
    };
    template <class T>
    using Table = std::unordered_map<std::string, T, Hash, std::equal_to<>>;

    Outcome<StoredKey*> owned(std::string_view owner, std::string_view id);

    void note(std::string_view id, KeyState from, KeyState to, Instant now);
    std::optional<Seen> believed(const StoredKey& key, KeyState state) const;
    const StoredKey* erased(std::string_view id) const;

    Table<StoredKey> by_id_;
    Table<std::vector<const StoredKey*>> by_owner_;
    KeyPast past_;
    Table<StoredKey> erased_;  // as long as somebody may not have heard
    Table<std::vector<KeyUse>> earlier_uses_;
    Duration horizon_{0};
};

}  // namespace keytide::lab
