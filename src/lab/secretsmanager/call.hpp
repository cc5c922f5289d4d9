// One call of Secrets Manager's API, and what its actions do first.
#pragma once

#include <boost/json/fwd.hpp>
#include <string>
#include <string_view>

#include "lab/account.hpp"
#include "lab/caller.hpp"
#include "lab/gate/authorisation.hpp"
#include "lab/json_input.hpp"
#include "lab/json_protocol.hpp"
#include "vocabulary/instant.hpp"

namespace keytide::lab::secretsmanager {

struct Call {
    Account& account;
    const Caller& caller;
    JsonInput& input;
    Instant now;

    // Of the region that the request was signed for.
    Secrets& secrets() const { return account.secrets(caller.region); }

    // The secret that SecretId names: policies are matched against its ARN, with the six characters that AWS
    // added, and the refusal says what was asked for. Its tags and its id are condition keys.
    gate::Target target() const;

    // AccessDeniedException
    Outcome<void> authorise(std::string_view action, const gate::Target& target) const;

    // Authorised on the target, all parameters valid, the secret there and not marked for
    // deletion.
    Outcome<StoredSecret*> usable_secret(std::string_view action, const gate::Target& target) const;

    std::string secret_id() const { return input.peek("SecretId"); }
};

// ARN and Name, which nearly every answer begins with.
boost::json::object named(const StoredSecret& secret);

// ValidationException for what no secret is called.
Outcome<void> check_name(std::string_view name);

}  // namespace keytide::lab::secretsmanager
