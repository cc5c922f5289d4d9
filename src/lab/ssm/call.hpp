// One call of Parameter Store's API, and what its actions do first.
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

namespace keytide::lab::ssm {

struct Call {
    Account& account;
    const Caller& caller;
    JsonInput& input;
    Instant now;

    // Of the region that the request was signed for.
    ParameterStore& store() const { return account.parameter_store(caller.region); }

    // A parameter, whether it is there or not; its tags are condition keys.
    gate::Target target(std::string_view name) const;

    Outcome<void> authorise(std::string_view action,
                            const gate::Target& target) const;  // AccessDeniedException

    // Authorised on the parameter that Name names, all parameters valid, and it is there.
    Outcome<StoredParameter*> named(std::string_view action) const;
};

// name, name:3 or name:label; the name may be an ARN.
struct Selection {
    std::string name, selector{};  // the selector without its colon; empty: the latest version
};
Selection selection_in(std::string_view text);

// ParameterNotFound, ParameterVersionNotFound.
struct Selected {
    StoredParameter* parameter;
    ParameterVersion* version;
};
Outcome<Selected> select(ParameterStore& store, const Selection& selection);

// ValidationException for what no parameter is called, HierarchyLevelLimitExceededException,
// AccessDeniedException for names that AWS keeps for itself.
Outcome<void> check_name(std::string_view name, std::size_t arn_size);

}  // namespace keytide::lab::ssm
