// What was asked by whom, when, and how it ended. It holds no secret: no header, no parameter, no answer.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "lab/latest_records.hpp"
#include "vocabulary/instant.hpp"

namespace keytide::lab::misbehaviour {

struct LoggedRequest {
    std::uint64_t number = 0;  // 1, 2, … in the order in which they landed
    Instant received, landed;  // by the lab's clock; the first is earlier for a call that was held back
    std::string_view service, action, access_key_id, user_name, arn;  // as Attempt has them
    bool acted = false;      // it got past the faults, to be refused or done
    int status = 0;          // of the answer; 0: none was sent
    std::string_view code;   // of the error that was meant; empty: none
    std::string_view fault;  // what struck it; empty: nothing
    std::uint64_t rule = 0;  // whose doing that was

    template <class Self, class Visit>
    static void each_field(Self& self, Visit&& visit) {
        visit(self.number), visit(self.received), visit(self.landed);
        visit(self.service), visit(self.action), visit(self.access_key_id);
        visit(self.user_name), visit(self.arn);
        visit(self.acted), visit(self.status), visit(self.code), visit(self.fault), visit(self.rule);
    }
};

// The latest ones; older ones are forgotten.
class RequestLog {
public:
    explicit RequestLog(std::size_t capacity) : kept_(capacity) {}

    void add(LoggedRequest request);
    std::uint64_t latest() const { return latest_; }
    void clear() { kept_.clear(); }  // numbers go on

    struct Filter {
        std::uint64_t since = 0;  // numbers greater than that
        std::size_t limit = 1000;
        std::string service, action, principal, code, fault;  // empty: any
    };
    // Oldest first. Their texts are good until the next request is added.
    std::vector<LoggedRequest> find(const Filter& filter) const;

private:
    std::uint64_t latest_ = 0;
    LatestRecords<LoggedRequest> kept_;  // their numbers without gaps
};

}  // namespace keytide::lab::misbehaviour
