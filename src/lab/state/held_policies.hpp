// A copy of what one user or role holds of policies at a moment, groups' and managed ones and whom a role
// trusts included: what those believe in who have not heard of a change. Copies of policies share what was
// compiled.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "iam_policy/policy.hpp"
#include "lab/account.hpp"

namespace keytide::lab {

struct HeldPolicies {
    using Named = std::pair<std::string, iam_policy::Policy>;
    std::vector<Named> identity{};
    std::optional<Named> boundary{};
    std::optional<Trust> trust{};  // a role's

    // The same policies, and not others with the same text.
    bool same_as(const HeldPolicies& other) const;
};

// Of every user and role of an account, by unique id.
std::map<std::string, HeldPolicies> policies_of_all(const Account& account);

}  // namespace keytide::lab
