#include "lab/state/users.hpp"

#include <fmt/format.h>

#include "lab/constraints.hpp"
#include "lab/state/stored_time.hpp"

namespace keytide::lab {

Outcome<User*> Users::create(std::string_view name, std::string_view path, const Randomness& randomness,
                             Instant now) {
    if (auto valid = check_user_name(name, 64); !valid) return std::unexpected(valid.error());
    if (auto valid = check_path(path); !valid) return std::unexpected(valid.error());
    if (users_.taken(name))
        return refuse("EntityAlreadyExists", fmt::format("User with name {} already exists.", name), 409);
    if (users_.by_name().size() >= quota_)
        return refuse("LimitExceeded", fmt::format("Cannot exceed quota for UsersPerAccount: {}", quota_),
                      409);
    return &users_.insert({.name = std::string(name),
                           .path = std::string(path),
                           .id = draw_unique_id(randomness, "AIDA"),
                           .arn = fmt::format("arn:aws:iam::{}:user{}{}", account_, path, name),
                           .created = stored_time(now)});
}

Outcome<User*> Users::named(std::string_view name) {
    if (auto* found = users_.find(name)) return found;
    return refuse("NoSuchEntity", fmt::format("The user with name {} cannot be found.", name), 404);
}

Outcome<const User*> Users::named(std::string_view name) const {
    return const_cast<Users*>(this)->named(name);
}

std::string Users::arn_of(std::string_view name) const {
    const auto* existing = find(name);
    return existing != nullptr ? existing->arn : fmt::format("arn:aws:iam::{}:user/{}", account_, name);
}

}  // namespace keytide::lab
