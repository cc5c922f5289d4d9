#include "orchestrator/permission_questions.hpp"

#include "rotation/refusal.hpp"

namespace keytide::orchestrator {
namespace {

template <class T>
std::optional<bool> read(const ports::Answer<T>& answer) {
    if (answer.done() != nullptr) return true;
    const auto* refused = answer.refused();
    if (refused == nullptr) return std::nullopt;
    if (refused->code == "NoSuchEntity") return true;
    if (rotation::says_denied(refused->code)) return false;
    return std::nullopt;
}

}  // namespace

const AccessKeyId& impossible_key() {
    static const auto id = *AccessKeyId::parse("AKIA0000000000000000");
    return id;
}

std::optional<bool> is_allowed(Doors& doors, const AccessKey& signer, const std::string& user_name,
                               const std::optional<AccessKeyId>& key, std::string_view action) {
    if (action == "iam:GetUser") return read(doors.identities.user(signer, user_name));
    if (action == "iam:ListAccessKeys") return read(doors.access_keys.list(signer, user_name));
    if (action == "iam:GetAccessKeyLastUsed" && key) return read(doors.access_keys.last_used(signer, *key));
    if (action == "iam:UpdateAccessKey")
        return read(doors.access_keys.set_status(signer, user_name, impossible_key(), KeyStatus::inactive,
                                                 doors.clock.now()));
    if (action == "iam:DeleteAccessKey")
        return read(doors.access_keys.remove(signer, user_name, impossible_key(), doors.clock.now()));
    return std::nullopt;
}

}  // namespace keytide::orchestrator
