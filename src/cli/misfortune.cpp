#include "cli/misfortune.hpp"

namespace keytide::cli {
namespace {

using namespace std::chrono_literals;
using namespace lab::misbehaviour;

// How late services hear of changes of keys; IAM itself knows at once.
Delays late_by(Duration by) {
    return {.created = by, .inactive = by, .reactivated = by, .deleted = by};
}

const Propagation usual{.replicas = {late_by(4s)}};

// `skip`: calls of it that only look whether it is allowed.
Misfortune lost_answer(std::string name, const std::string& action, std::uint64_t skip) {
    return {.name = std::move(name),
            .what = "the answer to " + action + " is lost on its way, though AWS did it",
            .propagation = usual,
            .rules = {{.actions = {action}, .skip = skip, .times = 1, .fault = LoseAnswer{}}}};
}

}  // namespace

std::vector<Misfortune> misfortunes() {
    return {
        {.name = "none",
         .what = "nothing goes wrong; AWS hears of each change after 4 s",
         .propagation = usual},
        {.name = "flapping",
         .what = "changes are heard of after 20 s, and for 20 s more old and new answers alternate",
         .propagation = {.replicas = flapping(late_by(20s), 20s)}},
        lost_answer("create_unanswered", "CreateAccessKey", 0),
        lost_answer("delete_unanswered", "DeleteAccessKey", 1),
        {.name = "throttled",
         .what = "IAM takes two calls of a kind at once, then one in five seconds, and throttles the rest",
         .propagation = usual,
         .rules = {{.services = {"iam"}, .times = std::nullopt, .fault = Throttle{.rate = 0.2, .burst = 2}}}},
        {.name = "outage",
         .what = "STS is out of order for thirty calls",
         .propagation = usual,
         .rules = {{.services = {"sts"},
                    .skip = 2,
                    .times = 30,
                    .fault = Refuse{.code = "ServiceUnavailable",
                                    .status = 503,
                                    .message = "Service is unavailable. Please try again later."}}}}};
}

}  // namespace keytide::cli
