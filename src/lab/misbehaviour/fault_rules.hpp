// Which calls go wrong, and how: rules and a seed in, a course of events out. It knows no socket and no
// clock; http_session.cpp gives effect to what is decided here.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "lab/misbehaviour/attempt.hpp"
#include "lab/misbehaviour/fault.hpp"
#include "lab/misbehaviour/token_bucket.hpp"

namespace keytide::lab::misbehaviour {

// What is to happen with one call.
struct Course {
    Duration before{0}, after{0};  // to wait before acting, and before answering
    std::optional<Fault> fault;    // never a Delay or a Throttle
    std::uint64_t rule = 0;        // whose doing it is; 0: nobody's
};

class FaultRules {
public:
    struct Standing {
        std::uint64_t id;  // 1, 2, …
        Rule rule;
        std::uint64_t matched = 0;                     // calls that it is for
        std::uint64_t applied = 0;                     // calls that it struck
        std::map<std::string, TokenBucket> buckets{};  // of a Throttle, by service and action
    };
    static constexpr std::size_t most = 1000;

    explicit FaultRules(std::uint64_t seed) : seed_(seed) {}

    std::uint64_t seed() const { return seed_; }
    void set_seed(std::uint64_t seed) { seed_ = seed; }  // of rules without one, from now on

    // Null when there are too many.
    const Standing* add(Rule rule);
    bool remove(std::uint64_t id);
    void clear() { standing_.clear(); }
    const std::vector<Standing>& standing() const { return standing_; }
    bool empty() const { return standing_.empty(); }

    // Every rule that matches counts the call. Delays add up; of the other faults the first that strikes is
    // the one that happens.
    Course decide(const Attempt& attempt, Instant now);

private:
    std::uint64_t seed_;
    std::uint64_t next_id_ = 1;
    std::vector<Standing> standing_;
};

}  // namespace keytide::lab::misbehaviour
