// Users that hold a key where a role would do: continuous integration, machines, people. What is known of a
// user is its name, its tags and the service that its keys were last used for, so this is advice.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html
#pragma once

#include <optional>
#include <string>

#include "compliance/account.hpp"

namespace keytide::compliance {

struct RoleAdvice {
    std::string what;    // "continuous integration"
    std::string reason;  // "its name has 'github'"
    std::string instead;
};

// Nothing: no sign of one.
std::optional<RoleAdvice> better_as_role(const User& user);

}  // namespace keytide::compliance
