// The door to sessions with MFA: sts:GetSessionToken, which needs no permission and a long-term key. Only
// such a session may call IAM where a policy asks for aws:MultiFactorAuthPresent.
// https://docs.aws.amazon.com/STS/latest/APIReference/API_GetSessionToken.html
#pragma once

#include <string_view>

#include "ports/answer.hpp"
#include "vocabulary/access_key.hpp"

namespace keytide::ports {

struct MintedSession {
    AccessKey key;
    Instant expires;
};

class SessionTokens {
public:
    virtual ~SessionTokens() = default;

    // One request. `code` is the device's, six digits; AWS takes each one once, and an attempt without an
    // answer may have spent it. AccessDenied: the code, or the device, was refused.
    virtual Answer<MintedSession> mint(const AccessKey& key, std::string_view serial, const Secret& code,
                                       Duration lifetime) = 0;
};

}  // namespace keytide::ports
