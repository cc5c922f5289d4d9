// Who signed a request. Only the gate makes one (gate/authentication.hpp).
#pragma once

#include <optional>
#include <string>

#include "vocabulary/identity.hpp"

namespace keytide::lab {

// Names its user instead of pointing at it, so that a caller who deletes itself leaves nothing dangling: its
// policies are looked up afresh each time something is authorised.
struct Caller {
    std::string arn;      // arn:aws:iam::ACCOUNT:user/PATH/NAME or arn:aws:iam::ACCOUNT:root
    std::string user_id;  // AIDA…; the account number for root
    AccountId account;
    std::optional<std::string> user_name;  // nothing: the root user
    std::string access_key_id;
    std::string region;  // of the signature's scope; whichever it is, the lab is there

    bool is_root() const { return !user_name; }
};

}  // namespace keytide::lab
