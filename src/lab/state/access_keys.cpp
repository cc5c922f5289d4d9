#include "lab/state/access_keys.hpp"

#include <fmt/format.h>

#include "lab/state/quotas.hpp"
#include "lab/state/stored_time.hpp"

namespace keytide::lab {
namespace {

constexpr Duration use_resolution = std::chrono::minutes(15);

KeyState state_of(KeyStatus status) {
    return status == KeyStatus::active ? KeyState::active : KeyState::inactive;
}

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
    note(stored.key.id.text(), KeyState::absent, KeyState::active, now);
    return stored;
}

Outcome<StoredKey*> AccessKeys::owned(std::string_view owner, std::string_view id) {
    const auto found = by_id_.find(id);
    if (found == by_id_.end() || found->second.owner != owner)
        return refuse("NoSuchEntity", fmt::format("The Access Key with id {} cannot be found.", id), 404);
    return &found->second;
}

Outcome<void> AccessKeys::update(std::string_view owner, std::string_view id, KeyStatus status, Instant now) {
    auto key = owned(owner, id);
    if (!key) return std::unexpected(key.error());
    note(id, state_of((*key)->status), state_of(status), now);
    (*key)->status = status;
    return {};
}

Outcome<void> AccessKeys::erase(std::string_view owner, std::string_view id, Instant now) {
    auto key = owned(owner, id);
    if (!key) return std::unexpected(key.error());
    const auto of_owner = by_owner_.find(owner);
    std::erase(of_owner->second, *key);
    if (of_owner->second.empty()) by_owner_.erase(of_owner);
    note(id, state_of((*key)->status), KeyState::absent, now);
    auto node = by_id_.extract(by_id_.find(id));
    if (past_.remembers())
        erased_.insert(std::move(node));
    else
        earlier_uses_.erase(node.key());
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
    if (past_.remembers()) {
        auto& earlier = earlier_uses_[found->first];
        // One that is older than any replica's news is still what the latest of them shows.
        while (earlier.size() > 1 && earlier[1].at < now - horizon_) earlier.erase(earlier.begin());
        if (last) earlier.push_back(std::move(*last));
    }
    last = KeyUse{stored_time(now), std::string(service), std::string(region)};
}

void AccessKeys::remember_for(Duration horizon) {
    horizon_ = horizon;
    past_.remember_for(horizon);
}

void AccessKeys::note(std::string_view id, KeyState from, KeyState to, Instant now) {
    past_.note(id, from, to, now);
    for (const auto& gone : past_.forgotten())
        if (erased_.erase(gone) != 0) earlier_uses_.erase(gone);
}

const StoredKey* AccessKeys::erased(std::string_view id) const {
    const auto found = erased_.find(id);
    return found == erased_.end() ? nullptr : &found->second;
}

std::optional<AccessKeys::Seen> AccessKeys::believed(const StoredKey& key, KeyState state) const {
    if (state == KeyState::absent) return {};
    return Seen{&key, state == KeyState::active ? KeyStatus::active : KeyStatus::inactive};
}

std::optional<AccessKeys::Seen> AccessKeys::seen(std::string_view id, const misbehaviour::Delays& delays,
                                                 Instant now) const {
    if (const auto* key = find(id)) return believed(*key, past_.seen(id, state_of(key->status), delays, now));
    if (const auto* key = erased(id)) return believed(*key, past_.seen(id, KeyState::absent, delays, now));
    return {};
}

std::vector<AccessKeys::Seen> AccessKeys::owned_as_of(std::string_view owner, Duration ago,
                                                      Instant now) const {
    std::vector<Seen> result;
    const auto add = [&](const StoredKey& key, KeyState is) {
        if (const auto seen = believed(key, past_.seen(key.key.id.text(), is, ago, now)))
            result.push_back(*seen);
    };
    for (const auto& [id, key] : erased_)
        if (key.owner == owner) add(key, KeyState::absent);
    for (const auto* key : owned_by(owner)) add(*key, state_of(key->status));
    return result;
}

std::optional<KeyUse> AccessKeys::use_as_of(const StoredKey& key, Duration ago, Instant now) const {
    if (ago <= Duration{0} || !key.last_used || key.last_used->at <= now - ago) return key.last_used;
    std::optional<KeyUse> latest;
    if (const auto earlier = earlier_uses_.find(key.key.id.text()); earlier != earlier_uses_.end())
        for (const auto& use : earlier->second)
            if (use.at <= now - ago) latest = use;
    return latest;
}

}  // namespace keytide::lab
