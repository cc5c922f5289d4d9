// The state of one AWS account: users, their keys and inline policies, buckets. It knows no HTTP and asks no
// permission; who may call what is the gate's business.
//
// Every rule of AWS that guards the state stands here, with AWS's error texts, so that IAM's API and
// CloudFormation obey the same ones. Time and randomness come from outside.
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_Operations.html
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "iam_policy/policy.hpp"
#include "lab/randomness.hpp"
#include "lab/service_error.hpp"
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
    std::string user_name;  // empty: the root user's
    std::optional<KeyUse> last_used;
};

struct InlinePolicy {
    std::string document;  // as it was put
    iam_policy::Policy compiled;
};

struct User {
    std::string name;
    std::string path;  // "/" or "/division/team/"
    std::string id;    // AIDA…
    std::string arn;
    Instant created;
    std::vector<std::string> access_key_ids;                    // oldest first
    std::map<std::string, InlinePolicy, std::less<>> policies;  // by policy name
};

struct Bucket {
    std::string name;
    std::string region;
    Instant created;
};

class Account {
public:
    // `root_key`: drawn by lot when absent. `created`: the account and its root user.
    Account(AccountId id, std::string region, std::optional<AccessKey> root_key, Randomness randomness,
            Instant created = {});

    const AccountId& id() const { return id_; }
    const std::string& region() const { return region_; }  // where the lab lives: us-east-1
    const Randomness& randomness() const { return randomness_; }
    const AccessKey& root_key() const;  // the one it began with, as long as it is not deleted
    Instant created() const { return created_; }

    // arn:aws:iam::ACCOUNT:user/PATH/NAME; of a user who does not exist too, with the path "/".
    std::string user_arn(std::string_view user_name) const;

    // Users. Names are unique ignoring case, and found by their exact spelling. Pointers stay valid until the
    // user is deleted.
    Outcome<const User*> create_user(std::string_view name, std::string_view path, Instant now);
    Outcome<const User*> user(std::string_view name) const;                           // NoSuchEntity
    const User* find_user(std::string_view name) const;                               // null: no such user
    const std::map<std::string, User, std::less<>>& users() const { return users_; }  // by name
    Outcome<void> delete_user(std::string_view name);  // DeleteConflict while it has keys or policies

    // Access keys: two per user. An empty user name means the root user, whose keys obey the same rules.
    // Pointers stay valid until the key is deleted.
    Outcome<const StoredKey*> create_access_key(std::string_view user_name, Instant now);
    Outcome<std::vector<const StoredKey*>> access_keys(std::string_view user_name) const;  // oldest first
    Outcome<void> update_access_key(std::string_view user_name, std::string_view id, KeyStatus status);
    Outcome<void> delete_access_key(std::string_view user_name, std::string_view id);
    const StoredKey* find_access_key(std::string_view id) const;  // null: none; one look-up in a hash table

    // Uses within fifteen minutes of a recorded one leave no trace, as on AWS.
    // https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_getting-report.html
    void record_use(std::string_view access_key_id, Instant now, std::string_view service,
                    std::string_view region);

    // Inline policies of a user. MalformedPolicyDocument for what the policy language does not know, and for
    // what this lab does not support yet; LimitExceeded beyond 2048 characters in all, white space not
    // counted.
    Outcome<void> put_user_policy(std::string_view user_name, std::string_view policy_name,
                                  std::string_view document);
    Outcome<void> delete_user_policy(std::string_view user_name, std::string_view policy_name);
    Outcome<const InlinePolicy*> user_policy(std::string_view user_name, std::string_view policy_name) const;

    // Buckets, all of them empty.
    Outcome<const Bucket*> create_bucket(std::string_view name, std::string_view region, Instant now);
    Outcome<const Bucket*> bucket(std::string_view name) const;  // NoSuchBucket
    Outcome<void> delete_bucket(std::string_view name);
    const std::map<std::string, Bucket, std::less<>>& buckets() const { return buckets_; }  // by name

private:
    struct Hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
    };

    Outcome<std::vector<std::string>*> key_ids_of(std::string_view user_name);
    Outcome<StoredKey*> key_of(std::string_view user_name, std::string_view id);

    AccountId id_;
    std::string region_;
    Randomness randomness_;
    Instant created_;
    std::string root_key_id_;
    std::vector<std::string> root_key_ids_;
    std::map<std::string, User, std::less<>> users_;
    std::set<std::string> names_;  // of users, in lower case
    std::unordered_map<std::string, StoredKey, Hash, std::equal_to<>> keys_;
    std::map<std::string, Bucket, std::less<>> buckets_;
};

}  // namespace keytide::lab
