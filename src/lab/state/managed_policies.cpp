#include "lab/state/managed_policies.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "lab/constraints.hpp"
#include "lab/state/quotas.hpp"
#include "lab/state/stored_time.hpp"

namespace keytide::lab {
namespace {

Outcome<PolicyDocument> read_managed(std::string_view text) {
    auto document = read_policy_document(text);
    if (document && iam_policy::counted_size(text) > managed_policy_size)
        return refuse("LimitExceeded",
                      fmt::format("Cannot exceed quota for PolicySize: {}", managed_policy_size), 409);
    return document;
}

}  // namespace

ServiceError no_such_policy(std::string_view arn) {
    return {"NoSuchEntity", fmt::format("Policy {} was not found.", arn), 404};
}

const PolicyVersion& ManagedPolicy::in_force() const {
    return *std::find_if(versions.begin(), versions.end(),
                         [&](const auto& one) { return one.id == default_version; });
}

Outcome<const PolicyVersion*> ManagedPolicy::version(std::string_view wanted) const {
    const auto found =
        std::find_if(versions.begin(), versions.end(), [&](const auto& one) { return one.id == wanted; });
    if (found == versions.end())
        return refuse("NoSuchEntity",
                      fmt::format("Policy {} version {} does not exist or is not attachable.", arn, wanted),
                      404);
    return &*found;
}

Outcome<const PolicyVersion*> ManagedPolicy::add_version(std::string_view text, bool put_it_in_force,
                                                         Instant now) {
    auto document = read_managed(text);
    if (!document) return std::unexpected(document.error());
    if (versions.size() >= versions_per_policy)
        return refuse("LimitExceeded",
                      "A managed policy can have up to 5 versions. Before you create a new version, you must "
                      "delete an existing version.",
                      409);
    versions.push_back({fmt::format("v{}", ++last_version), std::move(*document), stored_time(now)});
    if (put_it_in_force) default_version = versions.back().id;
    updated = stored_time(now);
    return &versions.back();
}

Outcome<void> ManagedPolicy::erase_version(std::string_view wanted, Instant now) {
    if (auto found = version(wanted); !found) return std::unexpected(found.error());
    if (wanted == default_version)
        return refuse("DeleteConflict", "Cannot delete the default version of a policy.", 409);
    std::erase_if(versions, [&](const auto& one) { return one.id == wanted; });
    updated = stored_time(now);
    return {};
}

Outcome<void> ManagedPolicy::put_in_force(std::string_view wanted, Instant now) {
    if (auto found = version(wanted); !found) return std::unexpected(found.error());
    default_version = wanted;
    updated = stored_time(now);
    return {};
}

Outcome<ManagedPolicy*> ManagedPolicies::create(const Wanted& wanted, const Randomness& randomness,
                                                Instant now) {
    if (auto valid = check_policy_name(wanted.name); !valid) return std::unexpected(valid.error());
    if (auto valid = check_path(wanted.path); !valid) return std::unexpected(valid.error());
    if (auto valid = check_description(wanted.description); !valid) return std::unexpected(valid.error());
    auto document = read_managed(wanted.document);
    if (!document) return std::unexpected(document.error());
    if (names_.taken(wanted.name))
        return refuse(
            "EntityAlreadyExists",
            fmt::format("A policy called {} already exists. Duplicate names are not allowed.", wanted.name),
            409);
    if (by_name_.size() >= quota_)
        return refuse("LimitExceeded", fmt::format("Cannot exceed quota for PoliciesPerAccount: {}", quota_),
                      409);
    ManagedPolicy policy{.name = std::string(wanted.name),
                         .path = std::string(wanted.path),
                         .id = draw_unique_id(randomness, "ANPA"),
                         .arn = fmt::format("arn:aws:iam::{}:policy{}{}", account_, wanted.path, wanted.name),
                         .description = std::string(wanted.description),
                         .created = stored_time(now),
                         .updated = stored_time(now),
                         .versions = {},
                         .default_version = "v1"};
    policy.versions.push_back({"v1", std::move(*document), stored_time(now)});
    names_.take(wanted.name);
    return &by_name_.emplace(wanted.name, std::move(policy)).first->second;
}

void ManagedPolicies::erase(const ManagedPolicy& policy) {
    names_.release(policy.name);
    by_name_.erase(by_name_.find(policy.name));
}

ManagedPolicy* ManagedPolicies::find(std::string_view arn) {
    const auto found = by_name_.find(arn.substr(arn.rfind('/') + 1));
    return found == by_name_.end() || found->second.arn != arn ? nullptr : &found->second;
}

}  // namespace keytide::lab
