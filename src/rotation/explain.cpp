#include "rotation/explain.hpp"

#include <algorithm>

namespace keytide::rotation {

bool holds(const std::vector<KeyMetadata>& keys, const AccessKeyId& id) {
    return std::any_of(keys.begin(), keys.end(), [&](const KeyMetadata& k) { return k.id == id; });
}

bool explains(const Rotation& r, const Inspected& seen) {
    return oddity(r, seen).empty();
}

std::string oddity(const Rotation& r, const Inspected& seen) {
    const auto& old_key = r.request.old_key;
    for (std::size_t i = 0; i < seen.held.size() && i < r.deliveries.size(); ++i) {
        const auto& held = seen.held[i];
        if (held && *held != old_key && (!r.new_key || *held != *r.new_key))
            return r.deliveries[i].destination + " holds " + held->text() +
                   ", which is neither the old nor the new key";
        if (!held && r.deliveries[i].delivered) return r.deliveries[i].destination + " holds no key any more";
        if (r.deliveries[i].delivered && held == old_key)
            return r.deliveries[i].destination + " holds the old key again";
    }
    if (!seen.keys) return {};
    const bool unsettled = r.create.has_value();  // reconciliation looks at strangers itself
    for (const auto& key : *seen.keys) {
        const bool ours = key.id == old_key || (r.new_key && key.id == *r.new_key);
        if (!ours && !unsettled && (!r.first_keys || !holds(*r.first_keys, key.id)))
            return "the user has a key " + key.id.text() + " that this rotation did not make";
    }
    const auto find = [&](const AccessKeyId& id) {
        return std::find_if(seen.keys->begin(), seen.keys->end(),
                            [&](const KeyMetadata& k) { return k.id == id; });
    };
    const auto active = [&](const AccessKeyId& id) {
        const auto it = find(id);
        return it != seen.keys->end() && it->status == KeyStatus::active;
    };
    const bool old_needed = r.phase == Phase::create || r.phase == Phase::verify ||
                            r.phase == Phase::deliver || r.phase == Phase::overlap;
    if (old_key && old_needed && !active(*old_key))
        return "the old key " + old_key->text() + " is not Active any more";
    const bool new_needed = r.new_key && r.phase != Phase::undo && r.phase != Phase::finish;
    if (new_needed && !active(*r.new_key))
        return "the new key " + r.new_key->text() + " is not Active any more";
    return {};
}

std::vector<KeyMetadata> appeared(const Rotation& r) {
    std::vector<KeyMetadata> result;
    if (!r.create || !r.seen || !r.seen->keys) return result;
    for (const auto& key : *r.seen->keys) {
        const bool before = key.id == r.request.old_key ||
                            (r.create->intent.keys_before && holds(*r.create->intent.keys_before, key.id));
        if (!before) result.push_back(key);
    }
    return result;
}

Instant live_until(const Rotation& r) {
    const auto& n = r.request.numbers;
    const auto full_window = r.create->intent.at + n.late_call_window;
    if (!r.create->closed || r.request.connection.through_proxy) return full_window;
    return std::min(full_window, *r.create->closed + n.in_flight);
}

bool is_the_user(const Rotation& r, const CallerIdentity& identity) {
    const auto& user = r.request.user;
    if (user.account != identity.account) return false;
    return user.user_id.empty() ? user.arn == identity.arn : user.user_id == identity.user_id;
}

Signer actor(const Rotation& r) {
    if (!r.request.self) return Signer::administrator;
    const bool old_signs = r.phase == Phase::create || r.phase == Phase::verify || r.phase == Phase::undo;
    return old_signs ? Signer::old_key : Signer::new_key;
}

}  // namespace keytide::rotation
