// IAM and STS: the access keys of a user, and who a caller is. Each page and each call is one request; what
// is not certain is not said. https://docs.aws.amazon.com/IAM/latest/APIReference/ and
// https://docs.aws.amazon.com/STS/latest/APIReference/
#pragma once

#include <string>

#include "aws/endpoint.hpp"
#include "http/http.hpp"
#include "ports/access_keys.hpp"
#include "ports/clock.hpp"
#include "ports/identities.hpp"
#include "ports/session_tokens.hpp"

namespace keytide::aws {

class IamClient final : public ports::AccessKeys, public ports::Identities, public ports::SessionTokens {
public:
    // `clock` is AWS's time as well as it is known; `user_agent` is the program's name and version.
    IamClient(http::Http& http, Endpoint iam, Endpoint sts, ports::Clock& clock, std::string user_agent);

    ports::Answer<std::vector<KeyMetadata>> list(const AccessKey& signer,
                                                 std::string_view user_name) override;
    ports::Answer<ports::CreatedKey> create(const AccessKey& signer, std::string_view user_name,
                                            Instant signed_at, std::string_view nonce) override;
    ports::Answer<ports::Done> set_status(const AccessKey& signer, std::string_view user_name,
                                          const AccessKeyId& id, KeyStatus status,
                                          Instant signed_at) override;
    ports::Answer<ports::Done> remove(const AccessKey& signer, std::string_view user_name,
                                      const AccessKeyId& id, Instant signed_at) override;
    ports::Answer<ports::LastUsed> last_used(const AccessKey& signer, const AccessKeyId& id) override;

    ports::Answer<CallerIdentity> caller(const AccessKey& signer) override;
    ports::Answer<CallerIdentity> user(const AccessKey& signer, std::string_view user_name) override;

    ports::Answer<ports::MintedSession> mint(const AccessKey& key, std::string_view serial,
                                             const Secret& code, Duration lifetime) override;

private:
    http::Http& http_;
    Endpoint iam_, sts_;
    ports::Clock& clock_;
    std::string user_agent_;
};

}  // namespace keytide::aws
