#include "lab/gate/authorisation.hpp"

#include <fmt/format.h>

#include "iam_policy/lower_case.hpp"
#include "lab/gate/effective_policies.hpp"
#include "lab/gate/request_context.hpp"

namespace keytide::lab::gate {

Target with_request_tags(Target target, std::span<const Tag> tags, std::vector<std::string> keys) {
    for (const auto& tag : tags) {
        target.keys.push_back({"aws:requesttag/" + iam_policy::lower_case(tag.key), {tag.value}});
        keys.push_back(tag.key);
    }
    if (!keys.empty()) target.keys.push_back({"aws:tagkeys", std::move(keys)});
    return target;
}

Target with_resource_tags(Target target, std::string_view service,
                          const std::map<std::string, std::string>& tags) {
    for (const auto& [key, value] : tags)
        for (const auto prefix : {std::string_view("aws"), service})
            target.keys.push_back(
                {fmt::format("{}:resourcetag/{}", prefix, iam_policy::lower_case(key)), {value}});
    return target;
}

iam_policy::Decision decide(const Account& account, const Caller& caller, std::string_view action,
                            const Target& target, const iam_policy::NamedPolicy* resource,
                            bool resource_is_trust) {
    const EffectivePolicies held(account, caller);
    const RequestContext context(account, caller, action, target);
    auto policies = held.policies();
    policies.resource = resource;
    policies.resource_is_trust = resource_is_trust;
    return iam_policy::decide(policies, {.action = action,
                                         .resource = target.arn,
                                         .context = context,
                                         .principal = held.principal(),
                                         .resource_account = target.owner});
}

Outcome<void> authorise(const Account& account, const Caller& caller, std::string_view action,
                        const Target& target) {
    const auto decision = decide(account, caller, action, target);
    if (decision.allowed()) return {};
    std::string message = fmt::format("User: {} is not authorized to perform: {}", caller.arn, action);
    if (!target.words.empty()) message += " on resource: " + target.words;
    message += " " + decision.reason(action);
    return refuse("AccessDenied", std::move(message), 403);
}

Outcome<void> authorise_json(const Account& account, const Caller& caller, std::string_view action,
                             const Target& target) {
    auto allowed = authorise(account, caller, action, target);
    if (!allowed) {
        allowed.error().code = "AccessDeniedException";
        allowed.error().status = 400;
    }
    return allowed;
}

}  // namespace keytide::lab::gate
