// What one resource of a stack holds in the account, and the one operation that changes it.
//
// To create is to change from nothing, to delete is to change to nothing, and to roll back is to change to
// what was held before: so one function serves them all, and what it has done so far is always written down.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "lab/account.hpp"
#include "lab/caller.hpp"
#include "lab/cloudformation/template.hpp"
#include "vocabulary/instant.hpp"

namespace keytide::lab::cloudformation {

struct Holding {
    struct HeldUser {
        std::string name, path;
    };
    struct HeldPolicy {
        std::string user, name, document;
        bool operator==(const HeldPolicy&) const = default;
    };

    std::optional<HeldUser> user{};
    std::vector<HeldPolicy> policies{};  // inline policies, of the resource's own user or of others
};

// In whose name resources are changed. As on AWS, a stack can do nothing that its caller may not.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/control-access-with-iam.html
struct Actor {
    Account& account;
    const Caller& caller;
    Instant now;
};

// What a resource of this type and with these properties, functions resolved, holds when it is there.
// `physical_id`: the name of a user. Errors are AWS's, for properties that are missing or empty.
Outcome<Holding> holding_of(const ResourceType& type, const Value& properties,
                            const std::string& physical_id);

// Changes the account until `held` is `wanted`, and `held` along with it; after an error `held` says how far
// it came. What is to go and has already gone is no error.
Outcome<void> change(const Actor& actor, Holding& held, const Holding& wanted);

}  // namespace keytide::lab::cloudformation
