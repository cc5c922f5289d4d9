#include "lab/state/key_past.hpp"

namespace keytide::lab {
namespace {

Duration delay_of(KeyState from, KeyState to, const misbehaviour::Delays& delays) {
    if (to == KeyState::absent) return delays.deleted;
    if (to == KeyState::inactive) return delays.inactive;
    return from == KeyState::absent ? delays.created : delays.reactivated;
}

}  // namespace

void KeyPast::note(std::string_view id, KeyState from, KeyState to, Instant now) {
    forget_before(now - horizon_);
    if (!remembers() || from == to) return;
    changes_[std::string(id)].push_back({now, from, to});
    order_.emplace_back(now, id);
}

void KeyPast::forget_before(Instant time) {
    while (!order_.empty() && order_.front().first < time) {
        const auto found = changes_.find(order_.front().second);
        found->second.pop_front();
        if (found->second.empty()) {
            forgotten_.push_back(found->first);
            changes_.erase(found);
        }
        order_.pop_front();
    }
}

KeyState KeyPast::seen(std::string_view id, KeyState is, const misbehaviour::Delays& delays,
                       Instant now) const {
    if (changes_.empty()) return is;
    const auto found = changes_.find(id);
    if (found == changes_.end()) return is;
    // The latest change that was heard of: what came before it is no news.
    auto state = found->second.front().from;
    for (const auto& change : found->second)
        if (now >= change.at + delay_of(change.from, change.to, delays)) state = change.to;
    return state;
}

KeyState KeyPast::seen(std::string_view id, KeyState is, Duration delay, Instant now) const {
    return seen(
        id, is,
        misbehaviour::Delays{.created = delay, .inactive = delay, .reactivated = delay, .deleted = delay},
        now);
}

}  // namespace keytide::lab
