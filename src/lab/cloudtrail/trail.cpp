#include "lab/cloudtrail/trail.hpp"

#include <array>

#include "signature/hash.hpp"

namespace keytide::lab::cloudtrail {

bool only_reads(std::string_view name) {
    constexpr std::array<std::string_view, 7> verbs{"Describe", "Get",      "List",      "Lookup",
                                                    "Simulate", "Validate", "AssumeRole"};
    for (const auto verb : verbs)
        if (name.starts_with(verb)) return true;
    return false;
}

std::string id_of(const TrailEvent& event, std::string_view account) {
    const auto hex = signature::sha256_hex(std::string(account) + "/" + std::to_string(event.number));
    return hex.substr(0, 8) + "-" + hex.substr(8, 4) + "-4" + hex.substr(13, 3) + "-8" + hex.substr(17, 3) +
           "-" + hex.substr(20, 12);
}

void Trail::add(TrailEvent event) {
    event.number = ++latest_;
    events_.add(event);
}

std::vector<TrailEvent> Trail::of_region(std::string_view region, Instant now) const {
    std::vector<TrailEvent> found;
    for (auto at = events_.size(); at-- > 0;)
        if (const auto event = events_[at]; event.region == region && now - event.at <= kept_for)
            found.push_back(event);
    return found;
}

}  // namespace keytide::lab::cloudtrail
