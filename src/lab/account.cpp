#include "lab/account.hpp"

#include <fmt/format.h>

#include "lab/state/stored_time.hpp"
#include "signature/hash.hpp"

namespace keytide::lab {
namespace {

std::unexpected<ServiceError> in_use(std::string_view what_to_do) {
    return refuse("DeleteConflict", fmt::format("Cannot delete entity, must {} first.", what_to_do), 409);
}

std::unexpected<ServiceError> not_attachable(std::string_view what, std::string_view arn) {
    return refuse("NoSuchEntity", fmt::format("{} {} does not exist or is not attachable.", what, arn), 404);
}

}  // namespace

Account::Account(AccountId id, std::string region, const Quotas& quotas, Randomness randomness, Shared shared,
                 Instant created, std::string root_key_id)
    : id_(std::move(id)),
      canonical_user_id_(signature::sha256_hex("canonical user of " + id_)),
      region_(std::move(region)),
      quotas_(quotas),
      randomness_(std::move(randomness)),
      shared_(std::move(shared)),
      created_(stored_time(created)),
      root_key_id_(std::move(root_key_id)),
      users_(id_, quotas.users),
      groups_(id_, quotas.groups),
      roles_(id_, quotas.roles),
      policies_(id_, quotas.policies),
      mfa_devices_(id_) {}

const AccessKey& Account::root_key() const {
    return shared_.access_keys.find(root_key_id_)->key;
}

Outcome<void> Account::delete_user(std::string_view name) {
    auto user = users_.named(name);
    if (!user) return std::unexpected(user.error());
    if (!shared_.access_keys.owned_by((*user)->id).empty()) return in_use("delete access keys");
    if (!mfa_devices_.owned_by((*user)->id).empty()) return in_use("delete MFA device");
    if ((*user)->login) return in_use("delete login profile");
    if (!(*user)->groups.empty()) return in_use("remove users from group");
    if (!(*user)->attached.empty()) return in_use("detach all policies");
    if (!(*user)->policies.empty()) return in_use("delete policies");
    set_boundary((*user)->boundary, nullptr);
    users_.erase(**user);
    return {};
}

// Groups

Outcome<void> Account::delete_group(std::string_view name) {
    auto group = groups_.named(name);
    if (!group) return std::unexpected(group.error());
    if (!(*group)->members.empty()) return in_use("remove users from group");
    if (!(*group)->attached.empty()) return in_use("detach all policies");
    if (!(*group)->policies.empty()) return in_use("delete policies");
    groups_.erase(**group);
    return {};
}

Outcome<void> Account::add_to_group(std::string_view user_name, std::string_view group_name) {
    auto group = groups_.named(group_name);
    if (!group) return std::unexpected(group.error());
    auto user = users_.named(user_name);
    if (!user) return std::unexpected(user.error());
    if ((*group)->members.contains(*user)) return {};
    if ((*user)->groups.size() >= groups_per_user)
        return refuse("LimitExceeded",
                      fmt::format("Cannot exceed quota for GroupsPerUser: {}", groups_per_user), 409);
    (*group)->members.insert(*user);
    (*user)->groups.push_back(*group);
    return {};
}

Outcome<void> Account::remove_from_group(std::string_view user_name, std::string_view group_name) {
    auto group = groups_.named(group_name);
    if (!group) return std::unexpected(group.error());
    auto user = users_.named(user_name);
    if (!user) return std::unexpected(user.error());
    (*group)->members.erase(*user);
    std::erase((*user)->groups, *group);
    return {};
}

// Roles

Outcome<void> Account::delete_role(Role& role) {
    if (!role.attached.empty()) return in_use("detach all policies");
    if (!role.policies.empty()) return in_use("delete policies");
    set_boundary(role.boundary, nullptr);
    roles_.erase(role);
    return {};
}

// Managed policies

const ManagedPolicy* Account::find_policy(std::string_view arn) const {
    if (const auto* own = policies_.find(arn)) return own;
    return shared_.aws_managed_policies.find(arn);
}

Outcome<void> Account::delete_policy(const ManagedPolicy& policy) {
    const auto uses = uses_of(policy);
    if (uses.attachments + uses.boundaries > 0)
        return refuse("DeleteConflict", "Cannot delete a policy attached to entities.", 409);
    if (policy.versions.size() > 1)
        return refuse(
            "DeleteConflict",
            "This policy has more than one version. Before you delete a policy, you must delete the "
            "policy's versions. The default version is deleted with the policy.",
            409);
    uses_.erase(&policy);
    policies_.erase(policy);
    return {};
}

Outcome<void> Account::attach_policy(AttachedPolicies& to, std::string_view arn) {
    const auto* policy = find_policy(arn);
    if (policy == nullptr) return not_attachable("Policy", arn);
    auto attached = to.attach(*policy);
    if (!attached) return std::unexpected(attached.error());
    if (*attached) ++uses_[policy].attachments;
    return {};
}

Outcome<void> Account::detach_policy(AttachedPolicies& from, std::string_view arn) {
    const auto* policy = find_policy(arn);
    if (policy == nullptr || !from.detach(*policy)) return std::unexpected(no_such_policy(arn));
    --uses_[policy].attachments;
    return {};
}

PolicyUses Account::uses_of(const ManagedPolicy& policy) const {
    const auto found = uses_.find(&policy);
    return found == uses_.end() ? PolicyUses{} : found->second;
}

std::map<std::string_view, const ManagedPolicy*> Account::aws_policies_in_use() const {
    std::map<std::string_view, const ManagedPolicy*> found;
    for (const auto& [policy, uses] : uses_)
        if (uses.attachments + uses.boundaries > 0 && policy->arn.starts_with("arn:aws:iam::aws:"))
            found.emplace(policy->name, policy);
    return found;
}

Outcome<const ManagedPolicy*> Account::boundary_named(std::string_view arn) {
    if (arn.empty()) return nullptr;
    if (const auto* policy = find_policy(arn)) return policy;
    return not_attachable("Scope ARN:", arn);
}

void Account::set_boundary(const ManagedPolicy*& held, const ManagedPolicy* wanted) {
    if (held != nullptr) --uses_[held].boundaries;
    if (wanted != nullptr) ++uses_[wanted].boundaries;
    held = wanted;
}

// Access keys

Outcome<std::string_view> Account::key_owner(std::string_view user_name) const {
    if (user_name.empty()) return id_;
    auto user = users_.named(user_name);
    if (!user) return std::unexpected(user.error());
    return (*user)->id;
}

Outcome<const StoredKey*> Account::create_access_key(std::string_view user_name, Instant now) {
    auto owner = key_owner(user_name);
    if (!owner) return std::unexpected(owner.error());
    return shared_.access_keys.create(id_, *owner, randomness_, now);
}

Outcome<std::vector<const StoredKey*>> Account::access_keys(std::string_view user_name) const {
    auto owner = key_owner(user_name);
    if (!owner) return std::unexpected(owner.error());
    return shared_.access_keys.owned_by(*owner);
}

Outcome<std::vector<AccessKeys::Seen>> Account::access_keys_as_of(std::string_view user_name, Duration ago,
                                                                  Instant now) const {
    auto owner = key_owner(user_name);
    if (!owner) return std::unexpected(owner.error());
    return shared_.access_keys.owned_as_of(*owner, ago, now);
}

std::optional<KeyUse> Account::key_use_as_of(const StoredKey& key, Duration ago, Instant now) const {
    return shared_.access_keys.use_as_of(key, ago, now);
}

bool Account::has_heard_of_key(std::string_view id, Duration ago, Instant now) const {
    return shared_.access_keys.seen(id, {.created = ago}, now).has_value();
}

Outcome<void> Account::update_access_key(std::string_view user_name, std::string_view id, KeyStatus status,
                                         Instant now) {
    auto owner = key_owner(user_name);
    if (!owner) return std::unexpected(owner.error());
    return shared_.access_keys.update(*owner, id, status, now);
}

Outcome<void> Account::delete_access_key(std::string_view user_name, std::string_view id, Instant now) {
    auto owner = key_owner(user_name);
    if (!owner) return std::unexpected(owner.error());
    return shared_.access_keys.erase(*owner, id, now);
}

const StoredKey* Account::find_access_key(std::string_view id) const {
    const auto* found = shared_.access_keys.find(id);
    return found != nullptr && found->account == id_ ? found : nullptr;
}

std::string_view Account::owner_name(const StoredKey& key) const {
    const auto* user = users_.find_by_id(key.owner);
    return user != nullptr ? std::string_view(user->name) : std::string_view{};
}

}  // namespace keytide::lab
