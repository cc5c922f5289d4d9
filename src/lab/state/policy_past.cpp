#include "lab/state/policy_past.hpp"

#include <iterator>

namespace keytide::lab {

void PolicyPast::note(const std::map<std::string, HeldPolicies>& before,
                      const std::map<std::string, HeldPolicies>& after, Instant now) {
    for (const auto& [id, held] : after) {
        const auto found = before.find(id);
        const auto earlier = found == before.end() ? HeldPolicies{} : found->second;
        if (!held.same_as(earlier))
            changes_[id].push_back({now, std::make_shared<const HeldPolicies>(earlier)});
    }
    for (auto each = changes_.begin(); each != changes_.end();) {
        auto& changes = each->second;
        while (!changes.empty() && changes.front().at < now - horizon_) changes.pop_front();
        each = changes.empty() ? changes_.erase(each) : std::next(each);
    }
}

std::shared_ptr<const HeldPolicies> PolicyPast::as_of(const std::string& id, Instant then) const {
    const auto found = changes_.find(id);
    if (found == changes_.end()) return nullptr;
    for (const auto& change : found->second)
        if (change.at > then) return change.before;
    return nullptr;
}

}  // namespace keytide::lab
