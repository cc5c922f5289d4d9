#include "orchestrator/patient_reads.hpp"

#include <array>
#include <cstdint>

#include "rotation/refusal.hpp"

namespace keytide::orchestrator {
namespace {

using namespace std::chrono_literals;
using ports::Answer;

constexpr int attempts = 3;
constexpr Duration base = 1s;             // doubled each time; AWS's cap of 20 s is beyond three attempts
constexpr Duration last_beginning = 10s;  // of an attempt, after that of the first one

template <class T>
bool may_go_away(const Answer<T>& answer) {
    if (const auto* refused = answer.refused()) return rotation::says_throttled(refused->code);
    return answer.done() == nullptr;
}

// Full jitter: any time from nothing to the longest.
Duration random_wait(ports::Entropy& entropy, Duration longest) {
    std::array<std::byte, 4> random{};
    entropy.fill(random);
    std::uint64_t number = 0;
    for (const auto byte : random) number = number << 8 | std::to_integer<std::uint64_t>(byte);
    return Duration{Duration::rep(std::uint64_t(longest.count() + 1) * number >> 32)};
}

template <class Call>
auto patiently(ports::Clock& clock, ports::Entropy& entropy, Call call) -> decltype(call()) {
    const auto begun = clock.now();
    auto longest = base;
    for (int made = 1;; ++made, longest *= 2) {
        auto answer = call();
        if (made == attempts || !may_go_away(answer) || clock.interrupted()) return answer;
        const auto wait = random_wait(entropy, longest);
        if (clock.now() + wait - begun >= last_beginning || !clock.sleep(wait)) return answer;
    }
}

}  // namespace

Answer<std::vector<KeyMetadata>> PatientAccessKeys::list(const AccessKey& signer,
                                                         std::string_view user_name) {
    return patiently(clock_, entropy_, [&] { return keys_.list(signer, user_name); });
}

Answer<ports::LastUsed> PatientAccessKeys::last_used(const AccessKey& signer, const AccessKeyId& id) {
    return patiently(clock_, entropy_, [&] { return keys_.last_used(signer, id); });
}

Answer<ports::CreatedKey> PatientAccessKeys::create(const AccessKey& signer, std::string_view user_name,
                                                    Instant signed_at, std::string_view nonce) {
    return keys_.create(signer, user_name, signed_at, nonce);
}

Answer<ports::Done> PatientAccessKeys::set_status(const AccessKey& signer, std::string_view user_name,
                                                  const AccessKeyId& id, KeyStatus status,
                                                  Instant signed_at) {
    return keys_.set_status(signer, user_name, id, status, signed_at);
}

Answer<ports::Done> PatientAccessKeys::remove(const AccessKey& signer, std::string_view user_name,
                                              const AccessKeyId& id, Instant signed_at) {
    return keys_.remove(signer, user_name, id, signed_at);
}

Answer<CallerIdentity> PatientIdentities::caller(const AccessKey& signer) {
    return patiently(clock_, entropy_, [&] { return identities_.caller(signer); });
}

Answer<CallerIdentity> PatientIdentities::user(const AccessKey& signer, std::string_view user_name) {
    return patiently(clock_, entropy_, [&] { return identities_.user(signer, user_name); });
}

}  // namespace keytide::orchestrator
