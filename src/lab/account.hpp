// The state of one AWS account: its resources, one file each under state/, and the rules that span several
// of them. It knows no HTTP and asks no permission; who may call what is the gate's business.
//
// Every rule of AWS that guards the state stands here or with its resource, with AWS's error texts, so that
// IAM's API and CloudFormation obey the same ones. Time and randomness come from outside.
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_Operations.html
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "lab/randomness.hpp"
#include "lab/service_error.hpp"
#include "lab/state/access_keys.hpp"
#include "lab/state/account_aliases.hpp"
#include "lab/state/aws_managed_policies.hpp"
#include "lab/state/buckets.hpp"
#include "lab/state/credential_report.hpp"
#include "lab/state/groups.hpp"
#include "lab/state/managed_policies.hpp"
#include "lab/state/mfa_devices.hpp"
#include "lab/state/parameter_store.hpp"
#include "lab/state/quotas.hpp"
#include "lab/state/roles.hpp"
#include "lab/state/secrets.hpp"
#include "lab/state/users.hpp"
#include "vocabulary/access_key.hpp"
#include "vocabulary/identity.hpp"
#include "vocabulary/instant.hpp"

namespace keytide::lab {

// How often a managed policy is used in an account.
struct PolicyUses {
    unsigned attachments = 0;
    unsigned boundaries = 0;
};

class Account {
public:
    // What it shares with all other accounts (state/partition.hpp), and what outlives it.
    struct Shared {
        AccessKeys& access_keys;
        Buckets& buckets;
        AwsManagedPolicies& aws_managed_policies;
        AccountAliases& aliases;
        FindPrincipal find_principal;  // users and roles of all accounts
    };

    Account(AccountId id, std::string region, const Quotas& quotas, Randomness randomness, Shared shared,
            Instant created, std::string root_key_id);

    const AccountId& id() const { return id_; }
    // Sixty-four hexadecimal digits that stand for it in S3.
    // https://docs.aws.amazon.com/AmazonS3/latest/userguide/finding-canonical-user-id.html
    const std::string& canonical_user_id() const { return canonical_user_id_; }
    const std::string& region() const { return region_; }  // where the lab lives: us-east-1
    const Randomness& randomness() const { return randomness_; }
    Instant created() const { return created_; }  // and its root user
    const AccessKey& root_key() const;            // the one it began with, as long as it is not deleted
    const Quotas& quotas() const { return quotas_; }
    AccountAliases& aliases() const { return shared_.aliases; }
    CredentialReport& credential_report() { return credential_report_; }  // the latest

    Users& users() { return users_; }
    const Users& users() const { return users_; }
    Outcome<User*> create_user(std::string_view name, std::string_view path, Instant now) {
        return users_.create(name, path, randomness_, now);
    }
    // DeleteConflict while it has keys, policies, devices, groups or a password.
    Outcome<void> delete_user(std::string_view name);

    Groups& groups() { return groups_; }
    const Groups& groups() const { return groups_; }
    Outcome<void> delete_group(std::string_view name);  // DeleteConflict while it has members or policies
    Outcome<void> add_to_group(std::string_view user_name, std::string_view group_name);
    Outcome<void> remove_from_group(std::string_view user_name, std::string_view group_name);

    Roles& roles() { return roles_; }
    const Roles& roles() const { return roles_; }
    // The unique id of the user or role, of whichever account, that an ARN names; nothing: there is none.
    std::optional<std::string> find_principal(std::string_view arn) const {
        return shared_.find_principal(arn);
    }
    Outcome<void> delete_role(Role& role);  // DeleteConflict while it has policies

    // Managed policies: the account's own, and those of AWS under whichever account.
    ManagedPolicies& policies() { return policies_; }
    const ManagedPolicies& policies() const { return policies_; }
    AwsManagedPolicies& aws_managed_policies() const { return shared_.aws_managed_policies; }
    const ManagedPolicy* find_policy(std::string_view arn) const;  // null: none
    Outcome<void> delete_policy(const ManagedPolicy& policy);      // DeleteConflict while it is used
    Outcome<void> attach_policy(AttachedPolicies& to, std::string_view arn);
    Outcome<void> detach_policy(AttachedPolicies& from, std::string_view arn);
    PolicyUses uses_of(const ManagedPolicy& policy) const;
    // Of those of AWS, the ones that are attached to somebody, or bound somebody; by name.
    std::map<std::string_view, const ManagedPolicy*> aws_policies_in_use() const;

    // Permissions boundaries. No ARN: none. NoSuchEntity.
    Outcome<const ManagedPolicy*> boundary_named(std::string_view arn);
    void set_boundary(const ManagedPolicy*& held, const ManagedPolicy* wanted);

    MfaDevices& mfa_devices() { return mfa_devices_; }
    const MfaDevices& mfa_devices() const { return mfa_devices_; }

    // Access keys of a user; an empty name means the root user, whose keys obey the same rules.
    Outcome<const StoredKey*> create_access_key(std::string_view user_name, Instant now);
    Outcome<std::vector<const StoredKey*>> access_keys(std::string_view user_name) const;  // oldest first
    Outcome<void> update_access_key(std::string_view user_name, std::string_view id, KeyStatus status,
                                    Instant now);
    Outcome<void> delete_access_key(std::string_view user_name, std::string_view id, Instant now);
    // As a replica shows them that heard the latest news so long ago.
    Outcome<std::vector<AccessKeys::Seen>> access_keys_as_of(std::string_view user_name, Duration ago,
                                                             Instant now) const;
    std::optional<KeyUse> key_use_as_of(const StoredKey& key, Duration ago, Instant now) const;
    bool has_heard_of_key(std::string_view id, Duration ago, Instant now) const;
    const StoredKey* find_access_key(std::string_view id) const;  // null: none in this account
    std::string_view owner_name(const StoredKey& key) const;      // of the user; empty: the root user

    // Each region has its own.
    Secrets& secrets(const std::string& region) {
        return secrets_.try_emplace(region, id_, region).first->second;
    }
    ParameterStore& parameter_store(const std::string& region) {
        return parameters_.try_emplace(region, id_, region).first->second;
    }

    // Of all accounts; each bucket has its owner.
    Buckets& buckets() { return shared_.buckets; }
    const Buckets& buckets() const { return shared_.buckets; }

private:
    Outcome<std::string_view> key_owner(std::string_view user_name) const;

    AccountId id_;
    std::string canonical_user_id_;
    std::string region_;
    Quotas quotas_;
    Randomness randomness_;
    Shared shared_;
    Instant created_;
    std::string root_key_id_;
    Users users_;
    Groups groups_;
    Roles roles_;
    ManagedPolicies policies_;
    MfaDevices mfa_devices_;
    CredentialReport credential_report_;
    std::map<std::string, Secrets, std::less<>> secrets_;            // by region
    std::map<std::string, ParameterStore, std::less<>> parameters_;  // by region
    std::unordered_map<const ManagedPolicy*, PolicyUses> uses_;
};

}  // namespace keytide::lab
