// The door to "who is this": sts:GetCallerIdentity, which needs no permission, and iam:GetUser, which does.
#pragma once

#include <string_view>

#include "ports/answer.hpp"
#include "vocabulary/access_key.hpp"
#include "vocabulary/identity.hpp"

namespace keytide::ports {

class Identities {
public:
    virtual ~Identities() = default;

    // Each call is made on a new connection: a success must come from whatever endpoint DNS gives next.
    virtual Answer<CallerIdentity> caller(const AccessKey& signer) = 0;

    virtual Answer<CallerIdentity> user(const AccessKey& signer, std::string_view user_name) = 0;
};

}  // namespace keytide::ports
