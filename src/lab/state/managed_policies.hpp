// Managed policies: they have a life of their own, and up to five versions of which one is in force.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_managed-versioning.html
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lab/randomness.hpp"
#include "lab/service_error.hpp"
#include "lab/state/policy_document.hpp"
#include "lab/state/tags.hpp"
#include "lab/state/unique_names.hpp"
#include "vocabulary/identity.hpp"
#include "vocabulary/instant.hpp"

namespace keytide::lab {

struct PolicyVersion {
    std::string id;  // v1, v2…: never given twice
    PolicyDocument document;
    Instant created;
};

struct ManagedPolicy {
    std::string name;
    std::string path;
    std::string id;   // ANPA…
    std::string arn;  // arn:aws:iam::ACCOUNT:policy/PATH/NAME, or arn:aws:iam::aws:policy/NAME
    std::string description;
    Instant created, updated;
    std::vector<PolicyVersion> versions;  // oldest first
    std::string default_version;
    unsigned last_version = 1;
    Tags tags{};

    const PolicyVersion& in_force() const;
    Outcome<const PolicyVersion*> version(std::string_view id) const;  // NoSuchEntity

    // The sixth is LimitExceeded; the version in force cannot be deleted.
    Outcome<const PolicyVersion*> add_version(std::string_view document, bool in_force, Instant now);
    Outcome<void> erase_version(std::string_view id, Instant now);
    Outcome<void> put_in_force(std::string_view id, Instant now);
};

// The error of whatever names a policy that is not there.
ServiceError no_such_policy(std::string_view arn);

// Those that an account made itself. Pointers stay valid until the policy is erased.
class ManagedPolicies {
public:
    ManagedPolicies(AccountId account, std::size_t quota) : account_(std::move(account)), quota_(quota) {}

    struct Wanted {
        std::string_view name, path, description, document;
    };
    Outcome<ManagedPolicy*> create(const Wanted& wanted, const Randomness& randomness, Instant now);
    void erase(const ManagedPolicy& policy);

    ManagedPolicy* find(std::string_view arn);  // null: none
    const ManagedPolicy* find(std::string_view arn) const {
        return const_cast<ManagedPolicies*>(this)->find(arn);
    }
    const std::map<std::string, ManagedPolicy, std::less<>>& by_name() const { return by_name_; }

private:
    AccountId account_;
    std::size_t quota_;
    UniqueNames names_;
    std::map<std::string, ManagedPolicy, std::less<>> by_name_;
};

}  // namespace keytide::lab
