// Sessions with MFA, minted from the keys that sign, for users whose policies ask for it. They live here, in
// memory, until shortly before they end; no ledger and no file ever holds one.
#pragma once

#include <map>
#include <string>

#include "orchestrator/aws_clock.hpp"
#include "ports/mfa_codes.hpp"
#include "ports/session_tokens.hpp"
#include "rotation/event.hpp"

namespace keytide::orchestrator {

// Temporary credentials, an administrator's, mint no session: they have MFA already, or cannot have it.
inline bool signs_by_session(const AccessKey& key, const std::string& mfa_serial) {
    return !mfa_serial.empty() && key.session_token.empty();
}

class MfaSessions {
public:
    explicit MfaSessions(ports::MfaCodes& codes) : codes_(codes) {}

    // The session minted from this key; null when there is none. AWS says when it has ended.
    const AccessKey* of(const AccessKeyId& key) const;

    // Whether it lasts for another call.
    bool lasts(const AccessKeyId& key, Instant now) const;

    // Asks for a code and mints. A refused code is asked for again, up to three times in all; one that AWS
    // did not get to judge is kept for the next attempt. An error only when the person interrupts.
    Result<rotation::SessionAnswered> mint(ports::SessionTokens& tokens, AwsClock& clock,
                                           const AccessKey& key, const std::string& serial);

    void forget(const AccessKeyId& key) { sessions_.erase(key); }

private:
    ports::MfaCodes& codes_;
    std::map<AccessKeyId, ports::MintedSession> sessions_;
    std::map<std::string, Secret> unjudged_;  // codes, by device
    bool used_one_ = false;
};

}  // namespace keytide::orchestrator
