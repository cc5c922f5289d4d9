#include "orchestrator/patient_reads.hpp"

#include "orchestrator/patience.hpp"

namespace keytide::orchestrator {
namespace {

using namespace std::chrono_literals;
using ports::Answer;

// AWS's cap of 20 s is beyond three attempts.
constexpr Patience patience{.attempts = 3, .base = 1s, .cap = 20s, .last_beginning = 10s};

}  // namespace

Answer<std::vector<KeyMetadata>> PatientAccessKeys::list(const AccessKey& signer,
                                                         std::string_view user_name) {
    return patiently(patience, clock_, entropy_, [&] { return keys_.list(signer, user_name); });
}

Answer<ports::LastUsed> PatientAccessKeys::last_used(const AccessKey& signer, const AccessKeyId& id) {
    return patiently(patience, clock_, entropy_, [&] { return keys_.last_used(signer, id); });
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
    return patiently(patience, clock_, entropy_, [&] { return identities_.caller(signer); });
}

Answer<CallerIdentity> PatientIdentities::user(const AccessKey& signer, std::string_view user_name) {
    return patiently(patience, clock_, entropy_, [&] { return identities_.user(signer, user_name); });
}

}  // namespace keytide::orchestrator
