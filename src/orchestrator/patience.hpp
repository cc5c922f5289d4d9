// Reading calls that are made again, after throttling, transient failures of the network and HTTP 5xx, with
// random waits that grow. https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include "orchestrator/aws_clock.hpp"
#include "ports/answer.hpp"
#include "ports/clock.hpp"
#include "ports/entropy.hpp"
#include "rotation/refusal.hpp"

namespace keytide::orchestrator {

struct Patience {
    int attempts;
    Duration base, cap;       // of the longest wait: doubled each time, up to the cap
    Duration last_beginning;  // of an attempt, after that of the first one
};

template <class T>
bool may_go_away(const ports::Answer<T>& answer) {
    if (const auto* refused = answer.refused()) return rotation::says_throttled(refused->code);
    return answer.done() == nullptr;
}

// Full jitter: any time from nothing to the longest.
inline Duration random_wait(ports::Entropy& entropy, Duration longest) {
    std::array<std::byte, 4> random{};
    entropy.fill(random);
    std::uint64_t number = 0;
    for (const auto byte : random) number = number << 8 | std::to_integer<std::uint64_t>(byte);
    return Duration{Duration::rep(std::uint64_t(longest.count() + 1) * number >> 32)};
}

// What is returned is the last answer, as it came.
template <class Call>
auto patiently(const Patience& patience, ports::Clock& clock, ports::Entropy& entropy, Call call)
    -> decltype(call()) {
    const auto begun = clock.now();
    auto longest = patience.base;
    for (int made = 1;; ++made, longest = std::min(longest * 2, patience.cap)) {
        auto answer = call();
        if (made == patience.attempts || !may_go_away(answer) || clock.interrupted()) return answer;
        const auto wait = random_wait(entropy, longest);
        if (clock.now() + wait - begun >= patience.last_beginning || !clock.sleep(wait)) return answer;
    }
}

// What is read of a whole account: thousands of calls meet IAM's throttling, and each answer tells AWS's
// time.
template <class Call>
auto ask_of_account(AwsClock& clock, ports::Entropy& entropy, Call call) -> decltype(call()) {
    using namespace std::chrono_literals;
    constexpr Patience patience{.attempts = 10, .base = 500ms, .cap = 20s, .last_beginning = 120s};
    auto answer = patiently(patience, clock, entropy, call);
    clock.learn(answer.server_time);
    return answer;
}
constexpr int most_pages = 1000;  // a server that pages for ever is not believed

}  // namespace keytide::orchestrator
