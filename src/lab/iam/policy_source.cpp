#include "lab/iam/policy_source.hpp"

#include <fmt/format.h>

#include "lab/constraints.hpp"

namespace keytide::lab::iam {
namespace {

std::unexpected<ServiceError> not_found(std::string_view kind, std::string_view name) {
    return refuse("NoSuchEntity", fmt::format("The {} with name {} cannot be found.", kind, name), 404);
}

}  // namespace

const ManagedPolicy* PolicySource::boundary() const {
    return user != nullptr ? user->boundary : role != nullptr ? role->boundary : nullptr;
}

void PolicySource::add_policies_to(SimulatedPolicies& policies) const {
    if (user != nullptr) policies.add_those_of(*user);
    if (group != nullptr) policies.add_those_of(*group);
    if (role != nullptr) policies.add_those_of(*role);
}

Outcome<PolicySource> find_policy_source(const Call& call, std::string_view text) {
    if (auto fits = check_length("policySourceArn", text, 20, 2048); !fits)
        return std::unexpected(fits.error());
    const auto invalid = [&] {
        return refuse(
            "InvalidInput",
            fmt::format("Invalid Entity Arn: {} does not clearly define entity type and name.", text), 400);
    };
    const auto arn = Arn::parse(text);
    if (!arn || arn->service != "iam") return invalid();
    const std::string_view resource = arn->resource;
    const auto kind = resource.substr(0, resource.find('/'));
    const auto name = resource.substr(resource.rfind('/') + 1);
    if (kind == resource || name.empty()) return invalid();
    // The last part of an ARN names it; a wrong path names nothing.
    const auto there = [&](const auto* entity) { return entity != nullptr && entity->arn == text; };
    PolicySource source;
    if (kind == "user") {
        source.user = call.account.users().find(name);
        if (!there(source.user)) return not_found(kind, name);
    } else if (kind == "group") {
        auto group = call.account.groups().named(name);
        source.group = group ? *group : nullptr;
        if (!there(source.group)) return not_found(kind, name);
    } else if (kind == "role") {
        source.role = call.account.roles().find(name);
        if (!there(source.role)) return not_found(kind, name);
    } else {
        return invalid();
    }
    return source;
}

iam_policy::Principal principal_of(const Call& call, const PolicySource& source) {
    iam_policy::Principal principal{.kind = iam_policy::Principal::Kind::user, .account = call.account.id()};
    if (source.user != nullptr) {
        principal.arn = source.user->arn;
        principal.unique_id = source.user->id;
    } else if (source.role != nullptr) {
        principal.kind = iam_policy::Principal::Kind::role_session;
        principal.role_arn = source.role->arn;
        principal.unique_id = source.role->id;
    }
    return principal;
}

}  // namespace keytide::lab::iam
