#include "lab/cloudformation/holding.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "lab/gate/authorisation.hpp"

namespace keytide::lab::cloudformation {
namespace {

constexpr const char* nothing_found = "NoSuchEntity";

std::unexpected<ServiceError> invalid(std::string message) {
    return refuse("ValidationError", std::move(message), 400);
}

std::string text_of(const Value& properties, std::string_view name, std::string_view otherwise = {}) {
    const auto* value = properties.find(name);
    return value != nullptr ? value->scalar : std::string(otherwise);
}

Outcome<Holding> user_holding(const Value& properties, const std::string& name) {
    Holding holding{Holding::HeldUser{name, text_of(properties, "Path", "/")}, {}};
    if (const auto* policies = properties.find("Policies"))
        for (const auto& policy : policies->items)
            holding.policies.push_back(
                {name, text_of(policy, "PolicyName"), to_json(*policy.find("PolicyDocument"))});
    return holding;
}

Outcome<Holding> policy_holding(const Value& properties) {
    const auto* document = properties.find("PolicyDocument");
    for (const char* required : {"PolicyName", "PolicyDocument"})
        if (properties.find(required) == nullptr)
            return invalid(fmt::format("#: required key [{}] not found", required));
    const auto* users = properties.find("Users");
    if (users == nullptr || users->items.empty())
        return invalid("At least one of [Groups,Roles,Users] must be non-empty.");
    Holding holding;
    for (const auto& user : users->items)
        holding.policies.push_back({user.scalar, text_of(properties, "PolicyName"), to_json(*document)});
    return holding;
}

Outcome<void> authorise_on_user(const Actor& actor, std::string_view action, const std::string& name) {
    return gate::authorise(actor.account, actor.caller, action,
                           {actor.account.users().arn_of(name), "user " + name});
}

Outcome<void> create_user(const Actor& actor, const Holding::HeldUser& user) {
    auto allowed = gate::authorise(
        actor.account, actor.caller, "iam:CreateUser",
        gate::by_arn(fmt::format("arn:aws:iam::{}:user{}{}", actor.account.id(), user.path, user.name)));
    if (!allowed) return allowed;
    auto created = actor.account.create_user(user.name, user.path, actor.now);
    return created ? Outcome<void>{} : std::unexpected(created.error());
}

Outcome<void> delete_user(const Actor& actor, const std::string& name) {
    if (auto allowed = authorise_on_user(actor, "iam:DeleteUser", name); !allowed) return allowed;
    auto deleted = actor.account.delete_user(name);
    return !deleted && deleted.error().code == nothing_found ? Outcome<void>{} : deleted;
}

Outcome<void> put_policy(const Actor& actor, const Holding::HeldPolicy& policy) {
    if (auto allowed = authorise_on_user(actor, "iam:PutUserPolicy", policy.user); !allowed) return allowed;
    auto user = actor.account.users().named(policy.user);
    if (!user) return std::unexpected(user.error());
    return (*user)->policies.put(policy.name, policy.document, policy.user);
}

Outcome<void> delete_policy(const Actor& actor, const Holding::HeldPolicy& policy) {
    if (auto allowed = authorise_on_user(actor, "iam:DeleteUserPolicy", policy.user); !allowed)
        return allowed;
    auto user = actor.account.users().named(policy.user);
    if (!user) return {};
    auto deleted = (*user)->policies.erase(policy.name);
    return !deleted && deleted.error().code == nothing_found ? Outcome<void>{} : deleted;
}

bool same_place(const Holding::HeldPolicy& a, const Holding::HeldPolicy& b) {
    return a.user == b.user && a.name == b.name;
}

auto find_place(std::vector<Holding::HeldPolicy>& policies, const Holding::HeldPolicy& place) {
    return std::find_if(policies.begin(), policies.end(),
                        [&](const auto& one) { return same_place(one, place); });
}

}  // namespace

Outcome<Holding> holding_of(const ResourceType& type, const Value& properties,
                            const std::string& physical_id) {
    return type.name == user_type ? user_holding(properties, physical_id) : policy_holding(properties);
}

Outcome<void> change(const Actor& actor, Holding& held, const Holding& wanted) {
    if (wanted.user && !held.user) {
        if (auto done = create_user(actor, *wanted.user); !done) return done;
        held.user = wanted.user;
    }
    for (const auto& policy : wanted.policies) {
        const auto place = find_place(held.policies, policy);
        if (place != held.policies.end() && *place == policy) continue;
        if (auto done = put_policy(actor, policy); !done) return done;
        if (place != held.policies.end())
            *place = policy;
        else
            held.policies.push_back(policy);
    }
    for (auto policy = held.policies.begin(); policy != held.policies.end();) {
        const bool stays = std::any_of(wanted.policies.begin(), wanted.policies.end(),
                                       [&](const auto& one) { return same_place(one, *policy); });
        if (stays) {
            ++policy;
            continue;
        }
        if (auto done = delete_policy(actor, *policy); !done) return done;
        policy = held.policies.erase(policy);
    }
    if (held.user && !wanted.user) {
        if (auto done = delete_user(actor, held.user->name); !done) return done;
        held.user.reset();
    }
    return {};
}

}  // namespace keytide::lab::cloudformation
