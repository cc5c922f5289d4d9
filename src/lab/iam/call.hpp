// One call of IAM's API, and what every action of it does first.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "lab/account.hpp"
#include "lab/caller.hpp"
#include "lab/gate/authorisation.hpp"
#include "lab/parameters.hpp"
#include "lab/query_protocol.hpp"
#include "vocabulary/instant.hpp"

namespace keytide::lab::iam {

struct Call {
    Account& account;
    const Caller& caller;
    const Parameters& parameters;
    Instant now;

    // The user whom UserName names or, where it is absent, the caller. Empty: the root user, which nobody can
    // name and only root can be.
    std::string_view user_name() const;

    // On that user; the refusal says "on resource: user NAME".
    Outcome<void> authorise_on_user(std::string_view action) const;

    // Where UserName is given it must be a name.
    enum class Absent { means_caller, is_refused };
    Outcome<void> check_user_name(Absent absent) const;

    // A parameter that must be given; `member` is its name in error texts: userName for UserName.
    Outcome<std::string_view> required(std::string_view name, std::string_view member) const;
};

}  // namespace keytide::lab::iam
