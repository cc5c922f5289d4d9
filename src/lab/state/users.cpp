#include "lab/state/users.hpp"

#include <fmt/format.h>

#include "lab/constraints.hpp"
#include "lab/state/stored_time.hpp"

namespace keytide::lab {
namespace {

std::unexpected<ServiceError> exists(std::string_view name) {
    return refuse("EntityAlreadyExists", fmt::format("User with name {} already exists.", name), 409);
}

}  // namespace

Outcome<User*> Users::create(std::string_view name, std::string_view path, const Randomness& randomness,
                             Instant now) {
    if (auto valid = check_user_name(name, 64); !valid) return std::unexpected(valid.error());
    if (auto valid = check_path(path); !valid) return std::unexpected(valid.error());
    if (users_.taken(name)) return exists(name);
    if (users_.by_name().size() >= quota_)
        return refuse("LimitExceeded", fmt::format("Cannot exceed quota for UsersPerAccount: {}", quota_),
                      409);
    return &users_.insert({.name = std::string(name),
                           .path = std::string(path),
                           .id = draw_unique_id(randomness, "AIDA"),
                           .arn = arn(path, name),
                           .created = stored_time(now)});
}

Outcome<void> Users::update(std::string_view name, std::string_view new_name, std::string_view new_path) {
    auto user = named(name);
    if (!user) return std::unexpected(user.error());
    if (!new_name.empty() && new_name != name) {
        if (!users_.may_be_renamed(**user, new_name)) return exists(new_name);
        users_.rename(**user, new_name);
    }
    if (!new_path.empty()) (*user)->path = new_path;
    (*user)->arn = arn((*user)->path, (*user)->name);
    return {};
}

Outcome<User*> Users::named(std::string_view name) {
    if (auto* found = users_.find(name)) return found;
    return refuse("NoSuchEntity", fmt::format("The user with name {} cannot be found.", name), 404);
}

Outcome<const User*> Users::named(std::string_view name) const {
    return const_cast<Users*>(this)->named(name);
}

Outcome<LoginProfile*> Users::create_login_profile(std::string_view name, std::string_view password,
                                                   bool must_be_reset, Instant now) {
    auto user = named(name);
    if (!user) return std::unexpected(user.error());
    if ((*user)->login)
        return refuse("EntityAlreadyExists", fmt::format("Login Profile for user {} already exists.", name),
                      409);
    const auto time = stored_time(now);
    (*user)->login =
        std::make_unique<LoginProfile>(LoginProfile{std::string(password), time, time, must_be_reset});
    return (*user)->login.get();
}

Outcome<LoginProfile*> Users::login_profile(std::string_view name) {
    auto user = named(name);
    if (!user) return std::unexpected(user.error());
    if (!(*user)->login)
        return refuse("NoSuchEntity", fmt::format("Login Profile for User {} cannot be found.", name), 404);
    return (*user)->login.get();
}

Outcome<void> Users::delete_login_profile(std::string_view name) {
    if (auto profile = login_profile(name); !profile) return std::unexpected(profile.error());
    (*named(name))->login.reset();
    return {};
}

std::string Users::arn_of(std::string_view name) const {
    const auto* existing = find(name);
    return existing != nullptr ? existing->arn : arn("/", name);
}

std::string Users::arn(std::string_view path, std::string_view name) const {
    return fmt::format("arn:aws:iam::{}:user{}{}", account_, path, name);
}

}  // namespace keytide::lab
