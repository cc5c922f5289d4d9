// Who signed a request, and how it came. Only the gate makes one (gate/authentication.hpp).
// https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "lab/session.hpp"
#include "vocabulary/identity.hpp"
#include "vocabulary/instant.hpp"

namespace keytide::lab {

struct HeldPolicies;  // state/held_policies.hpp

// What policies may ask about a request, whoever sent it.
struct Circumstances {
    Instant now;
    std::string source_ip;
    std::string user_agent;
    bool secure = false;  // it came over TLS
};

// Names its principal instead of pointing at it, so that a caller who deletes itself leaves nothing dangling:
// its policies are looked up afresh each time something is authorised.
struct Caller {
    enum class Kind { root, user, role_session };

    Kind kind = Kind::root;
    // arn:aws:iam::ACCOUNT:user/PATH/NAME, arn:aws:iam::ACCOUNT:root or
    // arn:aws:sts::ACCOUNT:assumed-role/ROLE/SESSION
    std::string arn{};
    std::string user_id{};       // AIDA…; the account number for root; AROA…:SESSION
    std::string principal_id{};  // the same without the session's name: who has the policies
    AccountId account{};
    std::optional<std::string> user_name{};  // of a user; nothing: root, or a role
    std::string access_key_id{};
    std::string region{};                      // of the signature's scope; whichever it is, the lab is there
    std::shared_ptr<const Session> session{};  // null: signed with a long-term key
    Circumstances circumstances{};
    std::shared_ptr<const HeldPolicies>
        earlier_policies{};  // where a change was not heard of yet; null: they count

    bool is_root() const { return kind == Kind::root; }
};

}  // namespace keytide::lab
