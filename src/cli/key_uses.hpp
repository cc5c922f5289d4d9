// Who uses a key, from where and for what: what CloudTrail remembers, put together by place.
#pragma once

#include <boost/json/fwd.hpp>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "ports/access_keys.hpp"
#include "ports/event_history.hpp"

namespace keytide::cli {

struct KeyUses {
    // One program at one place, as far as both can be told.
    struct Place {
        std::string address, user_agent, principal;
        Instant first{}, last{};
        std::size_t calls = 0, refused = 0;
        std::map<std::string, std::size_t> services;  // iam.amazonaws.com and how often
    };

    AccessKeyId key;
    std::string user;                          // whose key it is; empty: that could not be seen
    std::optional<ports::LastUsed> last_used;  // nothing: that could not be seen
    std::vector<std::string> regions;          // whose history was read
    std::vector<Place> places;                 // the latest first
    std::vector<std::string> unseen;           // what could not be had, and why
    bool all_pages = true;                     // false: there are older events than were read

    void add(const ports::HistoricEvent& event);
    void sort();
};

std::string in_lines(const KeyUses& uses);
boost::json::object to_object(const KeyUses& uses);

}  // namespace keytide::cli
