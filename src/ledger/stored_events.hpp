// The events as they stand in the file, read without believing them, and as many as can be read.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ledger/chain.hpp"
#include "ledger/database.hpp"

namespace keytide::ledger {

struct StoredEvent {
    std::int64_t position = 0;
    std::string rotation;
    std::int64_t sequence = 0;
    std::string json;
    std::string link;  // 32 bytes, unless somebody changed that
};

struct StoredEvents {
    std::vector<StoredEvent> events;  // by position
    std::string trouble;              // why some could not be read, in SQLite's words; empty: all were
};

// `at_least`: how many events there must be, as far as anybody knows.
StoredEvents read_stored_events(Database& database, std::uint64_t at_least);

}  // namespace keytide::ledger
