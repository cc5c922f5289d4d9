// Events as JSON texts: what the ledger stores and hashes, and what `history` shows.
//
//   {"v":1,"event":"KeyCreated","at":"2026-01-31T12:00:00.000Z","key":"AKIAIOSFODNN7EXAMPLE"}
//
// One event has one text: every field is written, in a fixed order (event_fields.hpp), times as RFC 3339 in
// UTC with milliseconds, durations as whole milliseconds in fields that end in _ms. Reading guesses nothing:
// another version, a missing, unknown or ill-typed field is an error.
#pragma once

#include <string>
#include <string_view>

#include "rotation/event.hpp"
#include "vocabulary/error.hpp"

namespace keytide::ledger {

// Bytes that are not UTF-8 (JSON cannot hold them) become U+FFFD in what others told us; in a Request they
// are an error, since a name or a place that is not exactly kept is a different one. Transient events are an
// error.
Result<std::string> to_json(const rotation::Event& event);
Result<std::string> to_json(const rotation::Request& request);

Result<rotation::Event> event_from_json(std::string_view text);
Result<rotation::Request> request_from_json(std::string_view text);

}  // namespace keytide::ledger
