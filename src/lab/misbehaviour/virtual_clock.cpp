#include "lab/misbehaviour/virtual_clock.hpp"

#include <algorithm>
#include <cmath>

namespace keytide::lab::misbehaviour {
namespace {

constexpr double fastest = 100'000;
constexpr Instant latest = std::chrono::sys_days(std::chrono::year(9000) / 1 / 1);
constexpr Duration longest_wait = std::chrono::days(365);

}  // namespace

Instant VirtualClock::at(Instant real) const {
    if (speed_ == 1) return shown_ + (real - real_);
    return std::min(latest, shown_ + Duration(std::llround(double((real - real_).count()) * speed_)));
}

Result<void> VirtualClock::advance(Duration by, Instant real) {
    if (by < Duration{0}) return usage_error("the clock goes forward only");
    return set(at(real) + by, real);
}

Result<void> VirtualClock::set(Instant to, Instant real) {
    if (to < at(real)) return usage_error("the clock goes forward only, and it is " + to_rfc3339(at(real)));
    if (to > latest) return usage_error("the clock goes to " + to_rfc3339(latest) + " only");
    shown_ = to;
    real_ = real;
    return {};
}

Result<void> VirtualClock::run_at(double speed, Instant real) {
    if (!(speed >= 0 && speed <= fastest)) return usage_error("the clock runs at a speed from 0 to 100000");
    shown_ = at(real);
    real_ = real;
    speed_ = speed;
    return {};
}

Duration VirtualClock::real_time_until(Instant due, Instant real) const {
    const auto left = due - at(real);
    if (left <= Duration{0}) return Duration{0};
    const double wait = std::ceil(double(left.count()) / speed_);  // infinite when it stands still
    return wait < double(longest_wait.count()) ? Duration(std::int64_t(wait)) : longest_wait;
}

}  // namespace keytide::lab::misbehaviour
