#include "ledger/stored_events.hpp"

#include <algorithm>
#include <map>

#include "ledger/ledger_file.hpp"

namespace keytide::ledger {
namespace {

StoredEvent event_of(const Statement& row) {
    return {row.integer(0), std::string(row.text(1)), row.integer(2), std::string(row.text(3)),
            std::string(row.blob(4))};
}

// More than the file can hold is not asked for, whatever a damaged number says.
std::int64_t last_position(Database& database, std::uint64_t at_least) {
    constexpr std::int64_t bytes_of_an_event = 64;
    const auto number = [&](const char* sql) {
        auto row = database.query(sql);
        return row && row->step() == true ? row->integer(0) : 0;
    };
    const auto bytes = number("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size");
    return std::min(std::max(number("SELECT max(position) FROM events"), std::int64_t(at_least)),
                    bytes / bytes_of_an_event);
}

}  // namespace

StoredEvents read_stored_events(Database& database, std::uint64_t at_least) {
    StoredEvents result;
    auto rows = database.query(
        "SELECT position, rotation, sequence, json, link FROM events NOT INDEXED ORDER BY position");
    while (rows) {
        const auto row = rows->step();
        if (!row) result.trouble = row.error().message;
        if (!row || !*row) break;
        result.events.push_back(event_of(*rows));
    }
    if (!rows) result.trouble = rows.error().message;
    if (result.trouble.empty()) return result;

    // One by one: a page that is damaged does not hide those behind it.
    std::map<std::int64_t, StoredEvent> found;
    for (auto& event : result.events) found.emplace(event.position, std::move(event));
    for (std::int64_t position = 1, last = last_position(database, at_least); position <= last; ++position) {
        if (found.contains(position)) continue;
        auto one = database.query(
            "SELECT position, rotation, sequence, json, link FROM events NOT INDEXED WHERE position = ?",
            position);
        if (one && one->step() == true) found.emplace(position, event_of(*one));
    }
    result.events.clear();
    for (auto& [position, event] : found) result.events.push_back(std::move(event));
    return result;
}

}  // namespace keytide::ledger
