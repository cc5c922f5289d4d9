// The door to a user's access keys (IAM). One call of a changing method is one request, whatever the answer.
// A reading one may be several: the pages of a list, and the attempts of orchestrator/patient_reads.hpp where
// that stands in the door.
//
// `signer` is the key that signs; `user_name` is always sent. Reading calls sign with the present time;
// changing calls sign with `signed_at`, the time of their intent, so that AWS refuses them once they come too
// late. https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateAccessKey.html and its neighbours
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ports/answer.hpp"
#include "vocabulary/access_key.hpp"

namespace keytide::ports {

struct CreatedKey {
    AccessKey key;
    std::optional<Instant> created;
};

struct LastUsed {
    std::optional<Instant> at;  // nothing: AWS has no record of a use, which is not the same as "never used"
    std::string service;
    std::string region;
    std::string user_name{};  // whose key it is, as far as AWS says
};

class AccessKeys {
public:
    virtual ~AccessKeys() = default;

    // All pages. The list may come from a replica that has not heard the news.
    virtual Answer<std::vector<KeyMetadata>> list(const AccessKey& signer, std::string_view user_name) = 0;

    // Not idempotent; the secret is shown once. `nonce` (letters and digits) marks the attempt in the
    // User-Agent. Uses a fresh HTTP/1.1 connection, since HTTP libraries resend on a reused one that died.
    virtual Answer<CreatedKey> create(const AccessKey& signer, std::string_view user_name, Instant signed_at,
                                      std::string_view nonce) = 0;

    virtual Answer<Done> set_status(const AccessKey& signer, std::string_view user_name,
                                    const AccessKeyId& id, KeyStatus status, Instant signed_at) = 0;

    // NoSuchEntity is a Refused like any other: it may be a stale replica's answer.
    virtual Answer<Done> remove(const AccessKey& signer, std::string_view user_name, const AccessKeyId& id,
                                Instant signed_at) = 0;

    virtual Answer<LastUsed> last_used(const AccessKey& signer, const AccessKeyId& id) = 0;
};

}  // namespace keytide::ports
