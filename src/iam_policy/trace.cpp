#include "iam_policy/trace.hpp"

#include <set>

namespace keytide::iam_policy {
namespace {

// All policies in order, each with its type.
template <class Visit>
void for_each_policy(const Policies& policies, Visit visit) {
    for (const auto& one : policies.identity) visit(PolicyType::identity, one);
    if (policies.boundary != nullptr) visit(PolicyType::boundary, *policies.boundary);
    if (policies.session)
        for (const auto& one : *policies.session) visit(PolicyType::session, one);
    if (policies.resource != nullptr)
        visit(policies.resource_is_trust ? PolicyType::trust : PolicyType::resource, *policies.resource);
}

}  // namespace

Trace trace(const Policies& policies, const Request& request) {
    Trace result;
    result.decision = decide(policies, request);
    const auto wanted = result.decision.verdict == Verdict::explicit_deny ? Effect::deny : Effect::allow;
    std::set<std::string> asked;
    for_each_policy(policies, [&](PolicyType type, const NamedPolicy& one) {
        const auto& statements = one.policy->statements();
        for (std::size_t i = 0; i < statements.size(); ++i)
            if (statements[i].effect == wanted && statements[i].matches(request) != Closeness::none)
                result.matched.push_back({type, one.name, i, &statements[i]});
        for (auto& key : one.policy->context_keys()) asked.insert(std::move(key));
    });
    for (const auto& key : asked)
        if (!request.context.values(key)) result.missing_keys.push_back(key);
    if (policies.boundary != nullptr)
        result.allowed_by_boundary = policies.boundary->policy->evaluate(request).verdict == Verdict::allowed;
    return result;
}

}  // namespace keytide::iam_policy
