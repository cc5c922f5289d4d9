#include "cli/key_uses.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <boost/json.hpp>
#include <functional>

namespace keytide::cli {

namespace json = boost::json;

namespace {

constexpr std::string_view not_told =
    "CloudTrail keeps 90 days of management events, each in its region (IAM's in us-east-1), minutes late; "
    "reading "
    "and writing of S3 objects and other data events are not among them";

std::string services_of(const KeyUses::Place& place) {
    std::vector<std::string> words;
    for (const auto& [service, calls] : place.services)
        words.push_back(fmt::format("{} {}", service.substr(0, service.find('.')), calls));
    return fmt::format("{}", fmt::join(words, ", "));
}

}  // namespace

void KeyUses::add(const ports::HistoricEvent& event) {
    auto place = std::ranges::find_if(places, [&](const Place& p) {
        return p.address == event.address && p.user_agent == event.user_agent &&
               p.principal == event.principal;
    });
    if (place == places.end())
        place = places.insert(place, {event.address, event.user_agent, event.principal, event.at, event.at});
    place->first = std::min(place->first, event.at);
    place->last = std::max(place->last, event.at);
    ++place->calls;
    if (!event.error.empty()) ++place->refused;
    ++place->services[event.source];
}

void KeyUses::sort() {
    std::ranges::sort(places, std::greater{}, &Place::last);
}

std::string in_lines(const KeyUses& uses) {
    auto text = fmt::format("{}{}", uses.key.text(), uses.user.empty() ? "" : " of " + uses.user);
    if (uses.last_used)
        text += uses.last_used->at
                    ? fmt::format(", last used {} for {} in {}", to_rfc3339(*uses.last_used->at),
                                  uses.last_used->service, uses.last_used->region)
                    : std::string(", never used as far as AWS has recorded");
    text += "\n";
    for (const auto& place : uses.places) {
        text += fmt::format("{}  {}  {} call{}{}, first {}, last {}: {}\n", place.address, place.user_agent,
                            place.calls, place.calls == 1 ? "" : "s",
                            place.refused == 0 ? "" : fmt::format(" ({} refused)", place.refused),
                            to_rfc3339(place.first), to_rfc3339(place.last), services_of(place));
        if (!place.principal.empty()) text += fmt::format("    as {}\n", place.principal);
    }
    if (uses.places.empty()) text += fmt::format("no call of it in {}\n", fmt::join(uses.regions, ", "));
    if (!uses.all_pages) text += "not seen: older calls than these, of which there are too many\n";
    for (const auto& each : uses.unseen) text += "not seen: " + each + "\n";
    return text + fmt::format("looked at: {}; {}", fmt::join(uses.regions, ", "), not_told);
}

json::object to_object(const KeyUses& uses) {
    json::array places;
    for (const auto& place : uses.places) {
        json::object services;
        for (const auto& [service, calls] : place.services) services[service] = calls;
        places.push_back(json::object{{"address", place.address},
                                      {"user_agent", place.user_agent},
                                      {"principal", place.principal},
                                      {"calls", place.calls},
                                      {"refused", place.refused},
                                      {"first", to_rfc3339(place.first)},
                                      {"last", to_rfc3339(place.last)},
                                      {"services", std::move(services)}});
    }
    json::object o{{"key", uses.key.text()},
                   {"regions", json::array(uses.regions.begin(), uses.regions.end())},
                   {"places", std::move(places)},
                   {"all_pages", uses.all_pages},
                   {"not_seen", json::array(uses.unseen.begin(), uses.unseen.end())}};
    if (!uses.user.empty()) o["user"] = uses.user;
    if (uses.last_used && uses.last_used->at) {
        o["last_used"] = to_rfc3339(*uses.last_used->at);
        o["last_used_service"] = uses.last_used->service;
        o["last_used_region"] = uses.last_used->region;
    }
    return o;
}

}  // namespace keytide::cli
