// What was asked by whom, when, and how it ended. It holds no secret: no header, no parameter, no answer.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <vector>

#include "lab/misbehaviour/attempt.hpp"
#include "vocabulary/instant.hpp"

namespace keytide::lab::misbehaviour {

struct LoggedRequest {
    std::uint64_t number = 0;  // 1, 2, … in the order in which they landed
    Instant received, landed;  // by the lab's clock; the first is earlier for a call that was held back
    Attempt attempt;
    bool acted = false;      // it got past the faults, to be refused or done
    int status = 0;          // of the answer; 0: none was sent
    std::string code;        // of the error that was meant; empty: none
    std::string fault;       // what struck it; empty: nothing
    std::uint64_t rule = 0;  // whose doing that was
};

// The latest ones; older ones are forgotten.
class RequestLog {
public:
    explicit RequestLog(std::size_t capacity) : capacity_(capacity) {}

    void add(LoggedRequest request);
    std::uint64_t latest() const { return latest_; }
    void clear() { kept_.clear(); }  // numbers go on

    struct Filter {
        std::uint64_t since = 0;  // numbers greater than that
        std::size_t limit = 1000;
        std::string service, action, principal, code, fault;  // empty: any
    };
    std::vector<const LoggedRequest*> find(const Filter& filter) const;  // oldest first

private:
    std::size_t capacity_;
    std::uint64_t latest_ = 0;
    std::deque<LoggedRequest> kept_;  // without gaps, the latest at the back
};

}  // namespace keytide::lab::misbehaviour
