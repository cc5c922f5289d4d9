#include "lab/state/groups.hpp"

#include <fmt/format.h>

#include "lab/constraints.hpp"
#include "lab/state/stored_time.hpp"

namespace keytide::lab {
namespace {

std::unexpected<ServiceError> exists(std::string_view name) {
    return refuse("EntityAlreadyExists", fmt::format("Group with name {} already exists.", name), 409);
}

}  // namespace

Outcome<Group*> Groups::create(std::string_view name, std::string_view path, const Randomness& randomness,
                               Instant now) {
    if (auto valid = check_name("groupName", name, 128); !valid) return std::unexpected(valid.error());
    if (auto valid = check_path(path); !valid) return std::unexpected(valid.error());
    if (groups_.taken(name)) return exists(name);
    if (groups_.by_name().size() >= quota_)
        return refuse("LimitExceeded", fmt::format("Cannot exceed quota for GroupsPerAccount: {}", quota_),
                      409);
    return &groups_.insert({.name = std::string(name),
                            .path = std::string(path),
                            .id = draw_unique_id(randomness, "AGPA"),
                            .arn = arn(path, name),
                            .created = stored_time(now)});
}

Outcome<void> Groups::update(std::string_view name, std::string_view new_name, std::string_view new_path) {
    auto group = named(name);
    if (!group) return std::unexpected(group.error());
    if (!new_name.empty() && new_name != name) {
        if (!groups_.may_be_renamed(**group, new_name)) return exists(new_name);
        groups_.rename(**group, new_name);
    }
    if (!new_path.empty()) (*group)->path = new_path;
    (*group)->arn = arn((*group)->path, (*group)->name);
    return {};
}

Outcome<Group*> Groups::named(std::string_view name) {
    if (auto* found = groups_.find(name)) return found;
    return refuse("NoSuchEntity", fmt::format("The group with name {} cannot be found.", name), 404);
}

std::string Groups::arn_of(std::string_view name) const {
    const auto* existing = groups_.find(name);
    return existing != nullptr ? existing->arn : arn("/", name);
}

std::string Groups::arn(std::string_view path, std::string_view name) const {
    return fmt::format("arn:aws:iam::{}:group{}{}", account_, path, name);
}

}  // namespace keytide::lab
