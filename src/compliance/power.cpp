#include "compliance/power.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <iterator>

#include "iam_policy/context.hpp"
#include "vocabulary/identity.hpp"

namespace keytide::compliance {
namespace {

using iam_policy::Principal;

struct Deed {
    std::string_view action, resource;
};

// Who may do all of these may do anything.
constexpr std::array<Deed, 5> of_administrators{{{"iam:CreateUser", "arn:aws:iam::123456789012:user/x"},
                                                 {"iam:AttachRolePolicy", "arn:aws:iam::123456789012:role/x"},
                                                 {"s3:DeleteBucket", "arn:aws:s3:::x"},
                                                 {"ec2:TerminateInstances", "*"},
                                                 {"kms:ScheduleKeyDeletion", "*"}}};

// https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html: what boundaries are for
constexpr std::array<std::string_view, 2> that_raise_oneself{"iam:AttachUserPolicy", "iam:PutUserPolicy"};

bool names_production(std::string_view text) {
    std::string lower;
    for (const char c : text) lower += c >= 'A' && c <= 'Z' ? char(c - 'A' + 'a') : c;
    // A word of its own: "prod", "production", not "product".
    for (std::size_t at = lower.find("prod"); at != std::string::npos; at = lower.find("prod", at + 1)) {
        const bool begins = at == 0 || lower[at - 1] < 'a' || lower[at - 1] > 'z';
        auto rest = std::string_view(lower).substr(at + 4);
        if (rest.starts_with("uction")) rest.remove_prefix(6);
        if (begins && (rest.empty() || rest.front() < 'a' || rest.front() > 'z')) return true;
    }
    return false;
}

using Names = std::set<std::string>;

// Whose actions it allows, under whatever conditions.
Names services_of(const iam_policy::Policy& policy) {
    Names services;
    for (const auto& statement : policy.statements()) {
        if (statement.effect != iam_policy::Effect::allow) continue;
        if (statement.not_action) services.insert("*");
        for (const auto& action : statement.actions)
            if (!statement.not_action) services.insert(action.text().substr(0, action.text().find(':')));
    }
    return services;
}

Names production_of(const iam_policy::Policy& policy) {
    Names resources;
    for (const auto& statement : policy.statements()) {
        if (statement.effect != iam_policy::Effect::allow || statement.not_resource) continue;
        for (const auto& resource : statement.resources)
            if (names_production(resource.text())) resources.insert(resource.text());
    }
    return resources;
}

// What a boundary leaves of it.
Names within(const Names& boundary, const Names& services) {
    if (boundary.contains("*")) return services;
    if (services.contains("*")) return boundary;
    Names both;
    std::ranges::set_intersection(boundary, services, std::inserter(both, both.end()));
    return both;
}

}  // namespace

Power power_of(const iam_policy::Policies& policies, const std::string& user_arn) {
    const auto arn = Arn::parse(user_arn).value_or(Arn{});
    const auto name = std::string_view(arn.resource).substr(arn.resource.rfind('/') + 1);
    const iam_policy::MapContext context{{"aws:username", name},
                                         {"aws:PrincipalArn", user_arn},
                                         {"aws:PrincipalAccount", arn.account},
                                         {"aws:PrincipalType", "User"}};
    const auto may = [&](std::string_view action, std::string_view resource) {
        return decide(policies,
                      {.action = action,
                       .resource = resource,
                       .context = context,
                       .principal = {.kind = Principal::Kind::user, .account = arn.account, .arn = user_arn}})
            .allowed();
    };
    Power power;
    power.administrator = std::ranges::all_of(
        of_administrators, [&](const Deed& deed) { return may(deed.action, deed.resource); });
    for (const auto action : that_raise_oneself)
        if (may(action, user_arn)) power.could_become_one_by.emplace_back(action);
    for (const auto& [policy_name, policy] : policies.identity) {
        power.services.merge(services_of(*policy));
        power.production.merge(production_of(*policy));
    }
    if (policies.boundary != nullptr)
        power.services = within(services_of(*policies.boundary->policy), power.services);
    return power;
}

std::string in_words(const Power& power) {
    if (power.administrator) return "is an administrator's: it may do everything";
    std::string text = power.services.empty() ? "may do nothing of its own"
                       : power.services.contains("*")
                           ? "may use every service"
                           : fmt::format("may use {}", fmt::join(power.services, ", "));
    if (!power.could_become_one_by.empty())
        text += fmt::format("; it could make itself an administrator's, by {}",
                            fmt::join(power.could_become_one_by, " or "));
    if (!power.production.empty())
        text += fmt::format("; its policies name production: {}", fmt::join(power.production, ", "));
    return text;
}

}  // namespace keytide::compliance
