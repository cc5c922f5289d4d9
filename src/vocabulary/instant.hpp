// Times and durations, and the four ways in which AWS and people write them.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "vocabulary/error.hpp"

namespace keytide {

using Duration = std::chrono::milliseconds;
using Instant = std::chrono::sys_time<Duration>;  // UTC

// RFC 3339 with zone: 2026-01-31T12:00:00Z, and with milliseconds when there are any (or `always_millis`).
std::string to_rfc3339(Instant t, bool always_millis = false);
std::optional<Instant> parse_rfc3339(std::string_view text);  // any zone offset, any fraction

// X-Amz-Date: 20260131T120000Z (SigV4).
std::string to_amz_date(Instant t);
std::optional<Instant> parse_amz_date(std::string_view text);

// HTTP Date: Sat, 31 Jan 2026 12:00:00 GMT (RFC 9110, IMF-fixdate only).
std::string to_http_date(Instant t);
std::optional<Instant> parse_http_date(std::string_view text);

// 90s 15m 2h 7d, and plain 0. Zero or more, at most 3650 days.
Result<Duration> parse_duration(std::string_view text);
std::string to_text(Duration d);  // the shortest exact form: 90s, 2h, 1h30m, 250ms

}  // namespace keytide
