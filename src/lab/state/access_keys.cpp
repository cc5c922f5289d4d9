#include "lab/state/access_keys.hpp"

#include <fmt/format.h>

#include "lab/state/quotas.hpp"
#include "lab/state/stored_time.hpp"

namespace keytide::lab {
namespace {

constexpr Duration use_resolution = std::chrono::minutes(15);

}  // namespace

Outcome<const StoredKey*> AccessKeys::create(const AccountId& account, std::string_view owner,
                                             const Randomness& randomness, Instant now) {
    if (owned_by(owner).size() >= access_keys_per_user)
        return refuse("LimitExceeded",
                      fmt::format("Cannot exceed quota for AccessKeysPerUser: {}", access_keys_per_user),
                      409);
    auto id = draw_access_key_id(randomness, account);
    while (by_id_.contains(id.text())) id = draw_access_key_id(randomness, account);
    return &adopt({std::move(id), draw_secret(randomness), Secret()}, account, owner, now);
}

const StoredKey& AccessKeys::adopt(AccessKey key, const AccountId& account, std::string_view owner,
                                   Instant now) {
    std::string id = key.id.text();
    const auto& stored = by_id_
                             .emplace(std::move(id), StoredKey{.key = std::move(key),
                                                               .created = stored_time(now),
                                                               .account = account,
                                                               .owner = std::string(owner)})
                             .first->second;
    by_owner_[stored.owner].push_back(&stored);
    return stored;
}

Outcome<StoredKey*> AccessKeys::owned(std::string_view owner, std::string_view id) {
    const auto found = by_id_.find(id);
    if (found == by_id_.end() || found->second.owner != owner)
        return refuse("NoSuchEntity", fmt::format("The Access Key with id {} cannot be found.", id), 404);
    return &found->second;
}

Outcome<void> AccessKeys::update(std::string_view owner, std::string_view id, KeyStatus status) {
    auto key = owned(owner, id);
    if (!key) return std::unexpected(key.error());
    (*key)->status = status;
    return {};
}

Outcome<void> AccessKeys::erase(std::string_view owner, std::string_view id) {
    auto key = owned(owner, id);
    if (!key) return std::unexpected(key.error());
    const auto of_owner = by_owner_.find(owner);
    std::erase(of_owner->second, *key);
    if (of_owner->second.empty()) by_owner_.erase(of_owner);
    by_id_.erase(by_id_.find(id));
    return {};
}

const StoredKey* AccessKeys::find(std::string_view id) const {
    const auto found = by_id_.find(id);
    return found == by_id_.end() ? nullptr : &found->second;
}

std::vector<const StoredKey*> AccessKeys::owned_by(std::string_view owner) const {
    const auto found = by_owner_.find(owner);
    return found == by_owner_.end() ? std::vector<const StoredKey*>{} : found->second;
}

void AccessKeys::record_use(std::string_view id, Instant now, std::string_view service,
                            std::string_view region) {
    const auto found = by_id_.find(id);
    if (found == by_id_.end()) return;
    auto& last = found->second.last_used;
    if (last && now - last->at < use_resolution) return;
    last = KeyUse{stored_time(now), std::string(service), std::string(region)};
}

}  // namespace keytide::lab
