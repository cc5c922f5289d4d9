// "It worked once" is not steady: IAM is eventually consistent, per region and per service. Who is throttled
// has learned nothing: such an answer neither counts nor ends the row of those that do.
#pragma once

#include <optional>

#include "rotation/record.hpp"

namespace keytide::rotation {

bool is_steady(const Streak& streak, const Numbers& numbers);

// The probe to send next, and when: successes are spread evenly over the asked time, failures polled, and
// throttling is backed off from. Nothing when every probe in question is steady. `native_only` leaves out
// exec probes, whose refusals carry no AWS code.
struct NextProbe {
    std::size_t probe;
    Instant at;
};
std::optional<NextProbe> next_probe(const Rotation& rotation, bool native_only);

}  // namespace keytide::rotation
