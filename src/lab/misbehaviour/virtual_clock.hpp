// A clock that can be told: it runs with the real one until it is advanced, set, or made faster. It never
// goes back, as nothing that was recorded could be understood after that.
#pragma once

#include "vocabulary/error.hpp"
#include "vocabulary/instant.hpp"

namespace keytide::lab::misbehaviour {

class VirtualClock {
public:
    // What it shows when the real one shows `real`.
    Instant at(Instant real) const;
    double speed() const { return speed_; }  // its seconds in a real one

    // All there is of it: what it showed, when the real one showed what, and its speed.
    struct Setting {
        Instant shown, real;
        double speed;
    };
    Setting setting() const { return {shown_, real_, speed_}; }
    void resume(const Setting& setting) {
        shown_ = setting.shown;
        real_ = setting.real;
        speed_ = setting.speed;
    }

    // Each as of `real`, and from then on. Refused: the past, and years beyond 9000.
    Result<void> advance(Duration by, Instant real);
    Result<void> set(Instant to, Instant real);
    Result<void> run_at(double speed, Instant real);  // 0 stands still; at most 100,000

    // How long to wait in real time until it shows `due`: nothing when it does, a year when it stands still.
    Duration real_time_until(Instant due, Instant real) const;

private:
    Instant shown_{};  // when the real one showed real_
    Instant real_{};
    double speed_ = 1;
};

}  // namespace keytide::lab::misbehaviour
