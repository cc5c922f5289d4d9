// Reading calls that are made again: a throttled or a lost answer to a look that nobody else repeats is not
// the end of a command.
//
// As the standard retry mode of AWS's SDKs: three attempts in all, after throttling, transient failures of
// the network and HTTP 5xx, with random waits of up to 1 s and then up to 2 s.
// https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html
// Unlike theirs, none begins when 10 s have passed since the first one did: whoever waited for a timeout
// hears of the outage then. What is returned is the last answer, as it came.
//
// Changing calls are passed on once, whatever the answer: only the protocol knows whether one may be
// repeated. The orchestrator's own reads go without this too. The protocol records what each of them told,
// looks again within the deadline of the phase, and backs off by itself; the explorer goes through each of
// these answers. More attempts underneath would multiply the calls to an AWS that is throttling, and make
// evidence older than it looks.
#pragma once

#include "ports/access_keys.hpp"
#include "ports/clock.hpp"
#include "ports/entropy.hpp"
#include "ports/identities.hpp"

namespace keytide::orchestrator {

// `clock` waits, and an interruption of it is the end of the attempts.
class PatientAccessKeys final : public ports::AccessKeys {
public:
    PatientAccessKeys(ports::AccessKeys& keys, ports::Clock& clock, ports::Entropy& entropy)
        : keys_(keys), clock_(clock), entropy_(entropy) {}

    ports::Answer<std::vector<KeyMetadata>> list(const AccessKey& signer,
                                                 std::string_view user_name) override;
    ports::Answer<ports::LastUsed> last_used(const AccessKey& signer, const AccessKeyId& id) override;

    ports::Answer<ports::CreatedKey> create(const AccessKey& signer, std::string_view user_name,
                                            Instant signed_at, std::string_view nonce) override;
    ports::Answer<ports::Done> set_status(const AccessKey& signer, std::string_view user_name,
                                          const AccessKeyId& id, KeyStatus status,
                                          Instant signed_at) override;
    ports::Answer<ports::Done> remove(const AccessKey& signer, std::string_view user_name,
                                      const AccessKeyId& id, Instant signed_at) override;

private:
    ports::AccessKeys& keys_;
    ports::Clock& clock_;
    ports::Entropy& entropy_;
};

class PatientIdentities final : public ports::Identities {
public:
    PatientIdentities(ports::Identities& identities, ports::Clock& clock, ports::Entropy& entropy)
        : identities_(identities), clock_(clock), entropy_(entropy) {}

    ports::Answer<CallerIdentity> caller(const AccessKey& signer) override;
    ports::Answer<CallerIdentity> user(const AccessKey& signer, std::string_view user_name) override;

private:
    ports::Identities& identities_;
    ports::Clock& clock_;
    ports::Entropy& entropy_;
};

}  // namespace keytide::orchestrator
