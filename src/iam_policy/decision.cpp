#include "iam_policy/decision.hpp"

#include <fmt/format.h>

namespace keytide::iam_policy {
namespace {

// What the policies of one type say together.
struct Voice {
    Evaluation strongest;
    const NamedPolicy* by = nullptr;

    void hear(const NamedPolicy& one, const Request& request) {
        const auto said = one.policy->evaluate(request);
        if (by != nullptr && said.verdict <= strongest.verdict) return;
        strongest = said;
        by = &one;
    }
    bool denies() const { return strongest.verdict == Verdict::explicit_deny; }
    bool allows() const { return strongest.verdict == Verdict::allowed; }
};

Decision decided_by(const Voice& voice, PolicyType type) {
    const auto& [verdict, index, closeness] = voice.strongest;
    return {verdict, type, Deciding{type, voice.by->name, index, &voice.by->policy->statements()[index]}};
}

Decision nobody_allows(PolicyType type) {
    return {Verdict::implicit_deny, type, std::nullopt};
}

Voice hear_all(std::span<const NamedPolicy> policies, const Request& request) {
    Voice voice;
    for (const auto& one : policies) {
        voice.hear(one, request);
        if (voice.denies()) break;
    }
    return voice;
}

Voice hear_one(const NamedPolicy* policy, const Request& request) {
    return policy == nullptr ? Voice{} : hear_all({policy, 1}, request);
}

}  // namespace

std::string_view words_for(PolicyType type) {
    switch (type) {
        case PolicyType::identity: return "identity-based policy";
        case PolicyType::boundary: return "permissions boundary";
        case PolicyType::session: return "session policy";
        case PolicyType::resource: return "resource-based policy";
        case PolicyType::trust: return "role trust policy";
    }
    return "";
}

std::string Decision::reason(std::string_view action) const {
    switch (verdict) {
        case Verdict::allowed: return "";
        case Verdict::explicit_deny:
            if (type == PolicyType::trust) return "with an explicit deny in the role trust policy";
            return fmt::format("with an explicit deny in {} {}", type == PolicyType::identity ? "an" : "a",
                               words_for(type));
        case Verdict::implicit_deny: break;
    }
    return fmt::format("because no {} allows the {} action", words_for(type), action);
}

Decision decide(const Policies& policies, const Request& request) {
    const auto resource_type = policies.resource_is_trust ? PolicyType::trust : PolicyType::resource;
    const auto identity = hear_all(policies.identity, request);
    if (identity.denies()) return decided_by(identity, PolicyType::identity);
    const auto boundary = hear_one(policies.boundary, request);
    if (boundary.denies()) return decided_by(boundary, PolicyType::boundary);
    const auto session = policies.session ? hear_all(*policies.session, request) : Voice{};
    if (session.denies()) return decided_by(session, PolicyType::session);
    const auto resource = hear_one(policies.resource, request);
    if (resource.denies()) return decided_by(resource, resource_type);

    const bool same_account =
        request.resource_account.empty() || request.resource_account == request.principal.account;
    const bool resource_must_allow = policies.resource_is_trust || !same_account;
    // Who has no account has no policies of its own, and the resource's is all there is to ask.
    const bool own_policies_count = !request.principal.account.empty();
    if (resource_must_allow && !resource.allows()) return nobody_allows(resource_type);
    if (!own_policies_count && policies.resource != nullptr)
        return resource.allows() ? decided_by(resource, resource_type) : nobody_allows(resource_type);

    const auto closeness = resource.allows() && same_account ? resource.strongest.closeness : Closeness::none;
    if (closeness == Closeness::itself) return decided_by(resource, resource_type);
    const bool root = request.principal.kind == Principal::Kind::root;
    if (closeness < Closeness::role && !identity.allows() && !root)
        return nobody_allows(PolicyType::identity);
    if (policies.boundary != nullptr && !boundary.allows()) return nobody_allows(PolicyType::boundary);
    if (policies.session && !session.allows()) return nobody_allows(PolicyType::session);
    if (identity.allows()) return decided_by(identity, PolicyType::identity);
    if (resource.allows()) return decided_by(resource, resource_type);
    return {Verdict::allowed, PolicyType::identity, std::nullopt};
}

}  // namespace keytide::iam_policy
