#include "rotation/explain.hpp"

#include <algorithm>

namespace keytide::rotation {

bool holds(const std::vector<KeyMetadata>& keys, const AccessKeyId& id) {
    return std::any_of(keys.begin(), keys.end(), [&](const KeyMetadata& k) { return k.id == id; });
}

bool explains(const Rotation& r, const Inspected& seen) {
    return oddity(r, seen).empty();
}

namespace {

bool old_key_must_be_active(const Rotation& r) {
    const bool may_have_changed =
        !r.old_key_active || r.status_pending || r.deactivation_lands || r.delete_intended;
    switch (r.phase) {
        case Phase::clear:
        case Phase::create:
        case Phase::overlap:
        case Phase::undo: return !may_have_changed;
        case Phase::retire:
        case Phase::confirm: return r.back;
        // While the new key is being delivered, it is what can heal whoever was cut off with the old one.
        default: return false;
    }
}

bool new_key_must_be_active(const Rotation& r) {
    if (!r.new_key) return false;
    switch (r.phase) {
        case Phase::retire:
        case Phase::confirm: return !r.back;
        case Phase::undo:
        case Phase::finish:
        case Phase::ended: return false;
        default: return true;
    }
}

}  // namespace

std::string oddity(const Rotation& r, const Inspected& seen) {
    const auto& old_key = r.request.old_key;
    for (std::size_t i = 0; i < seen.held.size() && i < r.deliveries.size(); ++i) {
        const auto& held = seen.held[i];
        if (held && *held != old_key && (!r.new_key || *held != *r.new_key))
            return r.deliveries[i].destination + " holds " + held->text() +
                   ", which is neither the old nor the new key";
        if (r.phase == Phase::undo && held && r.new_key && *held == *r.new_key)
            return r.deliveries[i].destination +
                   " holds the new key, although nothing is recorded to have written it";
        const bool held_old_key = i < r.first_held.size() && r.first_held[i] && r.first_held[i] == old_key;
        if (r.phase == Phase::undo && !held && held_old_key)
            return r.deliveries[i].destination + " holds no key any more";
        if (!r.deliveries[i].delivered) continue;
        if (!held) return r.deliveries[i].destination + " holds no key any more";
        if (r.new_key && old_key && *held == key_of(r, outgoing(r)))
            return r.deliveries[i].destination + " holds the " + (r.back ? "new" : "old") + " key again";
    }
    if (!seen.keys) return {};
    const bool unsettled = r.create.has_value();  // reconciliation looks at strangers itself
    for (const auto& key : *seen.keys) {
        const bool ours = key.id == old_key || (r.new_key && key.id == *r.new_key);
        if (!ours && !unsettled && (!r.first_keys || !holds(*r.first_keys, key.id)))
            return "the user has a key " + key.id.text() + " that this rotation did not make";
    }
    const auto status = [&](const AccessKeyId& id) -> std::optional<KeyStatus> {
        for (const auto& key : *seen.keys)
            if (key.id == id) return key.status;
        return std::nullopt;
    };
    const auto is = [&](const AccessKeyId& id, KeyStatus wanted) { return status(id) == wanted; };
    if (old_key && old_key_must_be_active(r) && !is(*old_key, KeyStatus::active))
        return "the old key " + old_key->text() + " is not Active any more";
    if (old_key && !r.old_key_active && !r.back && is(*old_key, KeyStatus::active))
        return "the old key " + old_key->text() + " was activated again by someone, so something may need it";
    if (new_key_must_be_active(r) && !is(*r.new_key, KeyStatus::active))
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

Instant unrecorded_deletion_lands(const Rotation& r) {
    if (!r.creator_stopped || r.back) return Instant{};
    const auto& n = r.request.numbers;
    const auto full_window = r.new_key_made + n.late_call_window;
    if (!r.creator_gone || r.request.connection.through_proxy || !r.evidence.since) return full_window;
    return std::min(full_window, *r.evidence.since + n.in_flight);
}

bool is_notice(std::string_view destination) {
    return destination.starts_with("notify-");
}

const Delivery* awaited_person(const Rotation& r) {
    const auto found = std::ranges::find_if(r.deliveries, is_awaited);
    return found == r.deliveries.end() ? nullptr : &*found;
}

bool is_awaited(const Delivery& d) {
    return d.destination.starts_with("person:") && d.delivered && !d.acknowledged;
}

bool is_reminder_due(const Delivery& d, Duration every, Instant now) {
    return is_awaited(d) && now >= d.reminded_at.value_or(d.delivered_at) + every;
}

bool is_the_user(const Rotation& r, const CallerIdentity& identity) {
    const auto& user = r.request.user;
    if (user.account != identity.account) return false;
    return user.user_id.empty() ? user.arn == identity.arn : user.user_id == identity.user_id;
}

Signer actor(const Rotation& r) {
    if (!r.request.self) return Signer::administrator;
    switch (r.phase) {
        case Phase::clear:
        case Phase::create:
        case Phase::undo: return Signer::old_key;
        case Phase::verify: return r.back ? Signer::new_key : Signer::old_key;
        case Phase::reactivate: return Signer::new_key;
        default: return r.back ? Signer::old_key : Signer::new_key;
    }
}

Which incoming(const Rotation& r) {
    return r.back ? Which::old_key : Which::new_key;
}
Which outgoing(const Rotation& r) {
    return r.back ? Which::new_key : Which::old_key;
}

Which kept(const Rotation& r) {
    return r.phase == Phase::undo ? Which::old_key : incoming(r);
}

const AccessKeyId& key_of(const Rotation& r, Which which) {
    return which == Which::new_key ? *r.new_key : *r.request.old_key;
}

}  // namespace keytide::rotation
