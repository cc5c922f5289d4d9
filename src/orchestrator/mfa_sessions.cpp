#include "orchestrator/mfa_sessions.hpp"

#include "rotation/refusal.hpp"

namespace keytide::orchestrator {
namespace {

using rotation::SessionAnswered;
using namespace std::chrono_literals;

// Longer than a process works at one rotation, and what AWS gives root at most.
constexpr Duration lifetime = 1h;

// A call takes its time, and may be signed with the time of an intent that came before it.
constexpr Duration margin = 2min;

constexpr int attempts = 3;

// AWS's other refusals are not about the code, and another one would not help.
// https://github.com/lonelyplanet/aws-mfa/pull/21 https://github.com/aws/aws-cli/issues/6325
bool is_about_the_code(const ports::Refused& refused) {
    return refused.message.starts_with("MultiFactorAuthentication failed");
}

// An endpoint may say what it was sent.
std::string without(std::string text, const Secret& code) {
    if (code.empty()) return text;
    for (auto at = text.find(code.reveal()); at != std::string::npos; at = text.find(code.reveal()))
        text.replace(at, code.size(), "(the code)");
    return text;
}

}  // namespace

const AccessKey* MfaSessions::of(const AccessKeyId& key) const {
    const auto found = sessions_.find(key);
    return found == sessions_.end() ? nullptr : &found->second.key;
}

bool MfaSessions::lasts(const AccessKeyId& key, Instant now) const {
    const auto found = sessions_.find(key);
    return found != sessions_.end() && now < found->second.expires - margin;
}

Result<SessionAnswered> MfaSessions::mint(ports::SessionTokens& tokens, AwsClock& clock, const AccessKey& key,
                                          const std::string& serial) {
    std::string why = "no code was given";
    std::string remark = used_one_ ? "a further one, since each works once" : "";
    for (int attempt = 1;; ++attempt) {
        auto& code = unjudged_[serial];
        if (code.empty()) {
            auto given = codes_.ask(serial, remark);
            if (!given) return std::unexpected(given.error());
            if (!*given) return SessionAnswered{clock.now(), "NoCode", why};
            code = std::move(**given);
            used_one_ = true;
        }
        auto answer = tokens.mint(key, serial, code, lifetime);
        clock.learn(answer.server_time);
        const auto at = clock.now();
        if (auto* minted = answer.done()) {
            code = Secret();
            if (at >= minted->expires - margin)
                return SessionAnswered{at, "ExpiredToken", "the session ends as soon as it begins"};
            sessions_.insert_or_assign(key.id, std::move(*minted));
            return SessionAnswered{at, "", ""};
        }
        if (const auto* unsent = answer.not_sent())
            return SessionAnswered{at, "?", "sts:GetSessionToken: " + without(unsent->reason, code)};
        if (const auto* lost = answer.indeterminate())
            return SessionAnswered{at, "?", "sts:GetSessionToken: " + without(lost->reason, code)};
        const auto& refused = *answer.refused();
        const auto said = without(refused.message, code);
        if (!rotation::says_denied(refused.code))
            return SessionAnswered{at, refused.code, "sts:GetSessionToken: " + said};
        code = Secret();
        why = "AWS refused the last one: " + said;
        remark = "AWS refused the last one; each works once";
        if (!is_about_the_code(refused) || attempt == attempts) return SessionAnswered{at, "NoCode", why};
    }
}

}  // namespace keytide::orchestrator
