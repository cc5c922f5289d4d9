// Which permissions a rotation needs, and which guarantee each further one buys: the one table behind
// `keytide policy print`, `keytide doctor`, the words about skipped guarantees, and docs/permissions.md.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "rotation/request.hpp"

namespace keytide::rotation {

// Whose key a principal replaces: its own, or that of others.
enum class Role { user, administrator };

enum class Need { required, optional, unused };

struct Permission {
    std::string_view action;  // "iam:ListAccessKeys", allowed on the user whose key is replaced
    Need by_user, by_administrator;
    std::optional<Guarantee> buys;  // nothing: no rotation begins without it
    std::optional<Guarantee> buys_administrators_too;
    std::string_view name;     // of what it buys, as `policy print --without` takes it; or empty
    std::string_view with;     // what there is when it is allowed
    std::string_view without;  // and when it is not
    std::string_view options;  // of `rotate` that need it; or empty

    Need needed_by(Role role) const { return role == Role::user ? by_user : by_administrator; }
};

std::span<const Permission> permissions();

// The one that buys this guarantee; null when it is bought by time or by destinations alone.
const Permission* permission_for(Guarantee guarantee);

// As docs/permissions.md has it, in Markdown.
std::string permissions_table();

}  // namespace keytide::rotation
