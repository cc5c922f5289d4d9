// What was known of access keys a while ago, for replicas that have not heard of what happened since
// (misbehaviour/replicas.hpp). Nothing is remembered longer than a replica can be late.
#pragma once

#include <deque>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "lab/misbehaviour/delays.hpp"
#include "vocabulary/instant.hpp"

namespace keytide::lab {

enum class KeyState { absent, active, inactive };

class KeyPast {
public:
    // From now on; zero: nothing.
    void remember_for(Duration horizon) { horizon_ = horizon; }
    bool remembers() const { return horizon_ > Duration{0}; }

    void note(std::string_view id, KeyState from, KeyState to, Instant now);

    // What a replica believes of a key that in truth `is` so.
    KeyState seen(std::string_view id, KeyState is, const misbehaviour::Delays& delays, Instant now) const;
    // The same, where every kind of change takes equally long.
    KeyState seen(std::string_view id, KeyState is, Duration delay, Instant now) const;

    // Keys of which the last trace is gone, since this was asked last.
    std::vector<std::string> forgotten() { return std::exchange(forgotten_, {}); }

private:
    struct Hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
    };
    struct Change {
        Instant at;
        KeyState from, to;
    };

    void forget_before(Instant time);

    Duration horizon_{0};
    std::unordered_map<std::string, std::deque<Change>, Hash, std::equal_to<>> changes_;
    std::deque<std::pair<Instant, std::string>> order_;  // of all changes
    std::vector<std::string> forgotten_;
};

}  // namespace keytide::lab
