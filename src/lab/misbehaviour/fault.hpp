// What can be made to go wrong with a call, and for which calls.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "vocabulary/instant.hpp"

namespace keytide::lab::misbehaviour {

// Answered with an error, and not acted upon.
struct Refuse {
    std::string code;
    int status = 400;
    std::string message;
};
// Acted upon; then the connection is closed without an answer.
struct LoseAnswer {};
// Read to its end, not acted upon, and the connection closed.
struct CloseUnheard {};
// The connection is torn down (RST), before acting or after it.
struct Reset {
    bool acts = false;
};
// Acted upon; of the answer's body only so many bytes arrive, then the connection is closed.
struct Truncate {
    std::size_t after = 0;
};
// A proxy's page instead of AWS's answer.
struct Html {
    int status = 200;
    bool acts = false;
};
// Time goes by before acting, and before answering.
struct Delay {
    Duration before{0}, after{0};
};
// Held back on its way: it lands after that time, whether or not the client is still there. With `hang_up`
// the client is cut off at once, and need not wait for its own timeout.
struct Hold {
    Duration time{0};
    bool hang_up = false;
};
// Each API has a bucket of `burst` tokens, filled at `rate` a second; a call that finds it empty is refused.
struct Throttle {
    double rate = 1;
    double burst = 1;
};

using Fault = std::variant<Refuse, LoseAnswer, CloseUnheard, Reset, Truncate, Html, Delay, Hold, Throttle>;

// The name in JSON: refuse, lose_answer, close, reset, truncate, html, delay, hold, throttle.
std::string_view name_of(const Fault& fault);

// Does it happen although the client never hears of it, or something else?
bool acts(const Fault& fault);

struct Rule {
    // Empty: any. Names as Attempt has them; a principal is an access key id, a user name or an ARN.
    std::vector<std::string> services, actions, principals;
    std::uint64_t skip = 0;              // so many calls pass first
    std::optional<std::uint64_t> times;  // then so many are struck; absent: all
    double probability = 1;              // of each of these
    std::optional<std::uint64_t> seed;  // of that chance; absent: from the lab's, and different for each rule
    Fault fault;
};

}  // namespace keytide::lab::misbehaviour
