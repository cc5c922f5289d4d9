#include "rotation/steady.hpp"

#include <algorithm>

#include "rotation/steps.hpp"

namespace keytide::rotation {

bool is_steady(const Streak& streak, const Numbers& n) {
    return streak.length >= n.steady && streak.last - streak.first >= n.spread;
}

std::optional<NextProbe> next_probe(const Rotation& r, bool native_only) {
    const auto& n = r.request.numbers;
    const Duration gaps{std::max(n.steady - 1, 1)};
    const Duration between{(n.spread.count() + gaps.count() - 1) / gaps.count()};
    std::optional<NextProbe> best;
    for (std::size_t i = 0; i < r.request.probes.size(); ++i) {
        const auto& streak = r.evidence.streaks[i];
        if (is_steady(streak, n) || (native_only && r.request.probes[i].starts_with("exec:"))) continue;
        Instant at{};
        const auto throttled = r.evidence.throttled[i];
        const auto pause = throttled > 0       ? std::max(between, backed_off(n.poll, throttled))
                           : streak.length > 0 ? between
                                               : n.poll;
        if (r.evidence.asked[i]) at = *r.evidence.asked[i] + pause;
        if (!best || at < best->at) best = NextProbe{i, at};
    }
    return best;
}

}  // namespace keytide::rotation
