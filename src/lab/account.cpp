#include "lab/account.hpp"

#include "lab/state/stored_time.hpp"

namespace keytide::lab {

Account::Account(AccountId id, std::string region, const Quotas& quotas, Randomness randomness, Shared shared,
                 Instant created, std::string root_key_id)
    : id_(std::move(id)),
      region_(std::move(region)),
      randomness_(std::move(randomness)),
      shared_(shared),
      created_(stored_time(created)),
      root_key_id_(std::move(root_key_id)),
      users_(id_, quotas.users) {}

const AccessKey& Account::root_key() const {
    return shared_.access_keys.find(root_key_id_)->key;
}

Outcome<void> Account::delete_user(std::string_view name) {
    auto user = users_.named(name);
    if (!user) return std::unexpected(user.error());
    if (!shared_.access_keys.owned_by((*user)->id).empty())
        return refuse("DeleteConflict", "Cannot delete entity, must delete access keys first.", 409);
    if (!(*user)->policies.empty())
        return refuse("DeleteConflict", "Cannot delete entity, must delete policies first.", 409);
    users_.erase(**user);
    return {};
}

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

Outcome<void> Account::update_access_key(std::string_view user_name, std::string_view id, KeyStatus status) {
    auto owner = key_owner(user_name);
    if (!owner) return std::unexpected(owner.error());
    return shared_.access_keys.update(*owner, id, status);
}

Outcome<void> Account::delete_access_key(std::string_view user_name, std::string_view id) {
    auto owner = key_owner(user_name);
    if (!owner) return std::unexpected(owner.error());
    return shared_.access_keys.erase(*owner, id);
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
