#include "lab/gate/authorisation.hpp"

#include <fmt/format.h>

#include "lab/gate/effective_policies.hpp"
#include "lab/gate/request_context.hpp"

namespace keytide::lab::gate {

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

}  // namespace keytide::lab::gate
