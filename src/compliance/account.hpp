// What there is to know of an account before it is judged: its users, their keys and passwords, and what our
// own ledger says of them. Facts alone; where one could not be had, that is a fact as well.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "vocabulary/access_key.hpp"

namespace keytide::compliance {

// The last use that AWS has recorded: since 22 April 2015, in steps of 15 minutes.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_getting-report.html
struct Use {
    bool known = false;
    std::optional<Instant> at;  // nothing, though known: never
    std::string service, region;

    static Use never() { return {true, std::nullopt, {}, {}}; }
    bool operator==(const Use&) const = default;
};

struct Key {
    std::optional<AccessKeyId> id;  // credential reports do not say
    KeyStatus status = KeyStatus::active;
    std::optional<Instant> created;
    Use use;

    bool is_active() const { return status == KeyStatus::active; }
    bool operator==(const Key&) const = default;
};

struct Password {
    bool known = false;  // whether there is one
    bool enabled = false;
    Use use;
    std::optional<Instant> changed;

    bool operator==(const Password&) const = default;
};

struct User {
    std::string name, arn;
    std::optional<Instant> created;
    Password password;
    bool keys_known = true;  // false: they could not be listed
    std::vector<Key> keys;   // at most two
    std::map<std::string, std::string> tags;
};

// A rotation of ours that has not ended.
struct Rotating {
    std::string rotation, user;
    std::vector<AccessKeyId> keys;  // the one that goes, and the one that comes
};

// A call of ours that made a key, as far as is known, whose secret nobody got.
struct Unclaimed {
    std::string rotation, user;
    Instant from, until;             // when it was made, if it was
    std::vector<AccessKeyId> known;  // keys of which it is certain that they are others
};

struct Account {
    AccountId id;
    std::string partition = "aws";
    std::vector<User> users;
    std::optional<bool> root_has_key;
    std::vector<Rotating> rotating;
    std::vector<Unclaimed> unclaimed;
};

}  // namespace keytide::compliance
