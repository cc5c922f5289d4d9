#include "lab/iam/simulation.hpp"

#include <algorithm>
#include <charconv>

#include "iam_policy/trace.hpp"
#include "lab/iam/paging.hpp"
#include "lab/iam/policy_source.hpp"
#include "lab/iam/simulated_requests.hpp"
#include "lab/xml.hpp"

namespace keytide::lab::iam {
namespace {

using iam_policy::PolicyType;
using iam_policy::Verdict;

std::unexpected<ServiceError> invalid(std::string message) {
    return refuse("InvalidInput", std::move(message), 400);
}

std::string_view words_for(Verdict verdict) {
    switch (verdict) {
        case Verdict::allowed: return "allowed";
        case Verdict::explicit_deny: return "explicitDeny";
        case Verdict::implicit_deny: break;
    }
    return "implicitDeny";
}

// As AWS says it, although its model has other words for it.
std::string_view source_type(PolicyType type) {
    return type == PolicyType::resource ? "Resource Policy" : "IAM Policy";
}

void append_position(XmlWriter& xml, std::string_view name, const iam_policy::Position& position) {
    xml.open(name).leaf("Line", std::to_string(position.line));
    xml.leaf("Column", std::to_string(position.column)).close(name);
}

struct Simulation {
    SimulatedRequests requests;
    SimulatedPolicies identity{}, boundary{}, resource{};
    iam_policy::Principal principal{};

    iam_policy::Policies policies() const {
        iam_policy::Policies all{.identity = identity.all()};
        if (!boundary.all().empty()) all.boundary = &boundary.all().front();
        if (!resource.all().empty()) all.resource = &resource.all().front();
        return all;
    }

    bool crosses_accounts() const {
        return !requests.resource_owner.empty() && requests.resource_owner != principal.account;
    }

    std::string as_written(const std::string& key) const {
        for (const auto* part : {&identity, &boundary, &resource})
            if (auto written = part->as_written(key); written != key) return written;
        return key;
    }

    void append_matched(XmlWriter& xml, const iam_policy::Trace& trace) const {
        xml.open("MatchedStatements");
        for (const auto& one : trace.matched) {
            xml.open("member").leaf("SourcePolicyId", one.policy);
            xml.leaf("SourcePolicyType", source_type(one.type));
            append_position(xml, "StartPosition", one.statement->source.start);
            append_position(xml, "EndPosition", one.statement->source.end);
            xml.close("member");
        }
        xml.close("MatchedStatements");
    }

    void append_missing(XmlWriter& xml, const std::vector<std::string>& keys) const {
        xml.open("MissingContextValues");
        for (const auto& key : keys) xml.leaf("member", as_written(key));
        xml.close("MissingContextValues");
    }

    void append_boundary(XmlWriter& xml, const iam_policy::Trace& trace) const {
        if (boundary.all().empty()) return;
        xml.open("PermissionsBoundaryDecisionDetail");
        xml.leaf("AllowedByPermissionsBoundary", trace.allowed_by_boundary);
        xml.close("PermissionsBoundaryDecisionDetail");
    }

    // What either account says, where there are two.
    void append_details(XmlWriter& xml, const iam_policy::Request& request) const {
        xml.open("EvalDecisionDetails");
        if (crosses_accounts()) {
            auto of_caller = policies();
            of_caller.resource = nullptr;
            auto here = request;
            here.resource_account = {};
            append_detail(xml, "IAM Policy", iam_policy::decide(of_caller, here).verdict);
            append_detail(xml, "Resource Policy",
                          resource.all().empty() ? Verdict::implicit_deny
                                                 : resource.all().front().policy->evaluate(request).verdict);
        }
        xml.close("EvalDecisionDetails");
    }
    static void append_detail(XmlWriter& xml, std::string_view source, Verdict verdict) {
        xml.open("entry").leaf("key", source).leaf("value", words_for(verdict)).close("entry");
    }

    // Missing keys are told with the resource, where one was named.
    void append(XmlWriter& xml, const std::string& action, const std::string& arn) const {
        const iam_policy::Request request{.action = action,
                                          .resource = arn,
                                          .context = requests.context,
                                          .principal = principal,
                                          .resource_account = requests.resource_owner};
        const auto trace = iam_policy::trace(policies(), request);
        const auto decision = words_for(trace.decision.verdict);
        xml.open("member").leaf("EvalActionName", action).leaf("EvalResourceName", arn);
        xml.leaf("EvalDecision", decision);
        append_matched(xml, trace);
        append_missing(xml, requests.names_resources ? std::vector<std::string>{} : trace.missing_keys);
        append_boundary(xml, trace);
        if (requests.names_resources) {
            append_details(xml, request);
            xml.open("ResourceSpecificResults").open("member").leaf("EvalResourceName", arn);
            xml.leaf("EvalResourceDecision", decision);
            append_matched(xml, trace);
            append_missing(xml, trace.missing_keys);
            append_details(xml, request);
            append_boundary(xml, trace);
            xml.close("member").close("ResourceSpecificResults");
        }
        xml.close("member");
    }
};

// Whom CallerArn names: a user, of this account. Nothing: it was not given.
Outcome<std::optional<PolicySource>> named_caller(const Call& call) {
    const auto* arn = call.parameters.find("CallerArn");
    if (arn == nullptr) return std::nullopt;
    auto source = find_policy_source(call, *arn);
    if (!source && source.error().code == "NoSuchEntity") return std::unexpected(source.error());
    if (!source || source->user == nullptr)
        return invalid("Invalid caller - Caller must be an IAM user in this context.");
    return *source;
}

// What a user brings along, unless the context says something else.
void describe(iam_policy::MapContext& context, const User& user) {
    const auto describe_as = [&](std::string_view key, const std::string& value) {
        if (!context.values(key)) context.set(key, {value});
    };
    describe_as("aws:username", user.name);
    describe_as("aws:userid", user.id);
    describe_as("aws:principalarn", user.arn);
}

// What both have in common. `source`: whose policies they are; null: nobody's.
Outcome<Simulation> read_simulation(const Call& call, const PolicySource* source) {
    if (call.parameters.has("ResourceHandlingOption"))
        return invalid("ResourceHandlingOption is not supported here.");
    auto requests = read_simulated_requests(call);
    if (!requests) return std::unexpected(requests.error());
    Simulation simulation{.requests = std::move(*requests)};
    if (source != nullptr) source->add_policies_to(simulation.identity);
    if (auto added = simulation.identity.add_given(call, "PolicyInputList"); !added)
        return std::unexpected(added.error());
    if (auto added = simulation.boundary.add_given(call, "PermissionsBoundaryPolicyInputList"); !added)
        return std::unexpected(added.error());
    if (simulation.boundary.all().size() > 1)
        return invalid("Only one permissions boundary policy can be specified.");
    if (source != nullptr && source->boundary() != nullptr && simulation.boundary.all().empty())
        simulation.boundary.add(*source->boundary());

    auto caller = named_caller(call);
    if (!caller) return std::unexpected(caller.error());
    if (!*caller && source != nullptr) *caller = *source;
    if (const auto* document = call.parameters.find("ResourcePolicy")) {
        if (!*caller || (*caller)->user == nullptr)
            return invalid("Invalid caller - Caller must be an IAM user in this context.");
        if (auto added =
                simulation.resource.add_text("ResourcePolicy", *document, iam_policy::Kind::resource);
            !added)
            return std::unexpected(added.error());
    }
    simulation.principal = principal_of(call, caller->value_or(PolicySource{}));
    if (*caller && (*caller)->user != nullptr) describe(simulation.requests.context, *(*caller)->user);
    return simulation;
}

ActionResult answer(const Call& call, const Simulation& simulation) {
    const auto items = items_of(call.parameters);
    if (!items) return std::unexpected(items.error());
    const auto last_seen = last_seen_of(call.parameters);
    if (!last_seen) return std::unexpected(last_seen.error());
    const auto& [actions, resources, names, context, owner] = simulation.requests;
    std::size_t next = 0;
    if (const auto& number = *last_seen) {
        const auto [end, error] = std::from_chars(number->data(), number->data() + number->size(), next);
        if (error != std::errc{} || end != number->data() + number->size())
            return refuse("ValidationError", "Invalid Marker.", 400);
    }
    XmlWriter xml;
    xml.open("EvaluationResults");
    const auto count = simulation.requests.count();
    const auto end = std::min(count, next > count ? count : next + *items);
    for (; next < end; ++next)
        simulation.append(xml, actions[next / resources.size()], resources[next % resources.size()]);
    xml.close("EvaluationResults").leaf("IsTruncated", end < count);
    if (end < count) xml.leaf("Marker", to_marker(std::to_string(end)));
    return xml.take();
}

ActionResult answer_keys(const SimulatedPolicies& policies) {
    XmlWriter xml;
    xml.open("ContextKeyNames");
    for (const auto& key : policies.context_keys()) xml.leaf("member", key);
    return xml.close("ContextKeyNames").take();
}

Outcome<PolicySource> admit_source(const Call& call, std::string_view action) {
    const auto arn = call.parameters.get("PolicySourceArn");
    if (auto allowed = call.authorise(action, gate::by_arn(std::string(arn))); !allowed)
        return std::unexpected(allowed.error());
    if (auto given = call.required("PolicySourceArn", "policySourceArn"); !given)
        return std::unexpected(given.error());
    return find_policy_source(call, arn);
}

Outcome<void> admit_texts(const Call& call, std::string_view action) {
    if (auto allowed = call.authorise(action, gate::by_arn("*")); !allowed) return allowed;
    if (!call.parameters.list("PolicyInputList.member").empty()) return {};
    auto given = call.required("PolicyInputList.member.1", "policyInputList");
    return given ? Outcome<void>{} : std::unexpected(given.error());
}

}  // namespace

ActionResult simulate_custom_policy(const Call& call) {
    if (auto admitted = admit_texts(call, "iam:SimulateCustomPolicy"); !admitted)
        return std::unexpected(admitted.error());
    auto simulation = read_simulation(call, nullptr);
    if (!simulation) return std::unexpected(simulation.error());
    return answer(call, *simulation);
}

ActionResult simulate_principal_policy(const Call& call) {
    auto source = admit_source(call, "iam:SimulatePrincipalPolicy");
    if (!source) return std::unexpected(source.error());
    auto simulation = read_simulation(call, &*source);
    if (!simulation) return std::unexpected(simulation.error());
    return answer(call, *simulation);
}

ActionResult get_context_keys_for_custom_policy(const Call& call) {
    if (auto admitted = admit_texts(call, "iam:GetContextKeysForCustomPolicy"); !admitted)
        return std::unexpected(admitted.error());
    SimulatedPolicies policies;
    if (auto added = policies.add_given(call, "PolicyInputList"); !added)
        return std::unexpected(added.error());
    return answer_keys(policies);
}

ActionResult get_context_keys_for_principal_policy(const Call& call) {
    auto source = admit_source(call, "iam:GetContextKeysForPrincipalPolicy");
    if (!source) return std::unexpected(source.error());
    SimulatedPolicies policies;
    source->add_policies_to(policies);
    if (auto added = policies.add_given(call, "PolicyInputList"); !added)
        return std::unexpected(added.error());
    return answer_keys(policies);
}

}  // namespace keytide::lab::iam
