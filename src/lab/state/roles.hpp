// The roles of an account, and whom they trust.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles.html
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "lab/randomness.hpp"
#include "lab/service_error.hpp"
#include "lab/state/attached_policies.hpp"
#include "lab/state/entities.hpp"
#include "lab/state/inline_policies.hpp"
#include "lab/state/policy_document.hpp"
#include "lab/state/tags.hpp"
#include "vocabulary/identity.hpp"
#include "vocabulary/instant.hpp"

namespace keytide::lab {

struct RoleUse {
    Instant at;
    std::string region;
};

// Whom a trust policy lets in. Users and roles are remembered by their unique ids: one that is deleted and
// made again under its old name is a stranger.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
struct Trust {
    PolicyDocument document;
    std::map<std::string, std::string, std::less<>> unique_ids;  // by ARN
};

struct Role {
    std::string name;
    std::string path;
    std::string id;  // AROA…
    std::string arn;
    Instant created;
    Trust trust;
    std::string description{};
    std::chrono::seconds longest_session{3600};
    InlinePolicies policies{Holder::role};
    AttachedPolicies attached{Holder::role};
    const ManagedPolicy* boundary = nullptr;
    Tags tags{};
    std::optional<RoleUse> last_used{};
};

// The unique id of the user or role that an ARN names; nothing: there is none.
using FindPrincipal = std::function<std::optional<std::string>(std::string_view arn)>;

// MalformedPolicyDocument, also for principals that do not exist; LimitExceeded beyond 2048 characters, white
// space not counted.
Outcome<Trust> read_trust(std::string_view document, const FindPrincipal& find);

class Roles {
public:
    Roles(AccountId account, std::size_t quota) : account_(std::move(account)), quota_(quota) {}

    Outcome<Role*> create(std::string_view name, std::string_view path, Trust trust,
                          const Randomness& randomness, Instant now);
    void erase(const Role& role) { roles_.erase(role); }

    Outcome<Role*> named(std::string_view name);                     // NoSuchEntity
    Role* find(std::string_view name) { return roles_.find(name); }  // null: none
    const Role* find(std::string_view name) const { return roles_.find(name); }
    const Role* find_by_id(std::string_view id) const { return roles_.find_by_id(id); }
    const Entities<Role>::ByName& by_name() const { return roles_.by_name(); }
    std::string arn_of(std::string_view name) const;  // of one that does not exist too, with the path "/"

private:
    std::string arn(std::string_view path, std::string_view name) const;

    AccountId account_;
    std::size_t quota_;
    Entities<Role> roles_;
};

}  // namespace keytide::lab
