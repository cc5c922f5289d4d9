#include "lab/state/roles.hpp"

#include <fmt/format.h>

#include "lab/constraints.hpp"
#include "lab/state/quotas.hpp"
#include "lab/state/stored_time.hpp"

namespace keytide::lab {
namespace {

// An account, by its number or as its root, or a user or role by its ARN. Sessions are taken as they are:
// they come and go. So are services and identity providers, of which the lab has none.
bool needs_an_id(std::string_view arn) {
    return arn.find(":user/") != std::string_view::npos || arn.find(":role/") != std::string_view::npos;
}

}  // namespace

Outcome<Trust> read_trust(std::string_view text, const FindPrincipal& find) {
    auto document = read_policy_document(text, iam_policy::Kind::trust);
    if (!document) return std::unexpected(document.error());
    if (iam_policy::counted_size(text) > trust_policy_size)
        return refuse("LimitExceeded",
                      fmt::format("Cannot exceed quota for ACLSizePerRole: {}", trust_policy_size), 409);
    Trust trust{std::move(*document), {}};
    for (const auto& statement : trust.document.compiled.statements()) {
        if (!statement.principals) continue;
        for (const auto& name : statement.principals->names()) {
            if (name.type != iam_policy::PrincipalName::Type::aws || !needs_an_id(name.value)) continue;
            auto id = find(name.value);
            if (!id)
                return refuse("MalformedPolicyDocument",
                              fmt::format("Invalid principal in policy: \"AWS\":\"{}\"", name.value), 400);
            trust.unique_ids.emplace(name.value, std::move(*id));
        }
    }
    return trust;
}

Outcome<Role*> Roles::create(std::string_view name, std::string_view path, Trust trust,
                             const Randomness& randomness, Instant now) {
    if (auto valid = check_name("roleName", name, 64); !valid) return std::unexpected(valid.error());
    if (auto valid = check_path(path); !valid) return std::unexpected(valid.error());
    if (roles_.taken(name))
        return refuse("EntityAlreadyExists", fmt::format("Role with name {} already exists.", name), 409);
    if (roles_.by_name().size() >= quota_)
        return refuse("LimitExceeded", fmt::format("Cannot exceed quota for RolesPerAccount: {}", quota_),
                      409);
    return &roles_.insert({.name = std::string(name),
                           .path = std::string(path),
                           .id = draw_unique_id(randomness, "AROA"),
                           .arn = arn(path, name),
                           .created = stored_time(now),
                           .trust = std::move(trust)});
}

Outcome<Role*> Roles::named(std::string_view name) {
    if (auto* found = roles_.find(name)) return found;
    return refuse("NoSuchEntity", fmt::format("The role with name {} cannot be found.", name), 404);
}

std::string Roles::arn_of(std::string_view name) const {
    const auto* existing = roles_.find(name);
    return existing != nullptr ? existing->arn : arn("/", name);
}

std::string Roles::arn(std::string_view path, std::string_view name) const {
    return fmt::format("arn:aws:iam::{}:role{}{}", account_, path, name);
}

}  // namespace keytide::lab
