#include "aws/policy_reader.hpp"

#include <fmt/format.h>

#include <functional>
#include <pugixml.hpp>
#include <utility>

#include "aws/signed_call.hpp"
#include "signature/percent_encoding.hpp"
#include "vocabulary/printable.hpp"

namespace keytide::aws {
namespace {

using ports::NamedDocument;
using Parameter = std::pair<std::string_view, std::string_view>;

template <class T>
using Read = std::expected<T, Failure>;

constexpr std::string_view version = "2010-05-08";
constexpr int most_pages = 100;  // a server that pages for ever is not believed

std::unexpected<Failure> unreadable(std::string_view action) {
    return std::unexpected(
        Failure{ports::Indeterminate{"the answer to " + std::string(action) + " cannot be read"}, {}});
}

// One user's policies, call by call.
class Reading {
public:
    Reading(std::function<Read<Success>(std::string_view action, std::string form)> send)
        : send_(std::move(send)) {}

    Read<ports::PoliciesOfUser> of_user(std::string_view user) {
        const auto found = ask("GetUser", {{"UserName", user}});
        if (!found) return std::unexpected(found.error());
        ports::PoliciesOfUser policies;
        policies.user_arn = printable(result(*found, "GetUser").child("User").child("Arn").text().get());
        if (const std::string boundary = result(*found, "GetUser")
                                             .child("User")
                                             .child("PermissionsBoundary")
                                             .child("PermissionsBoundaryArn")
                                             .text()
                                             .get();
            !boundary.empty()) {
            auto document = managed(boundary);
            if (!document) return std::unexpected(document.error());
            policies.boundary = std::move(*document);
        }
        if (auto own = add_all("User", user, "", policies); !own) return std::unexpected(own.error());
        std::vector<std::string> groups;
        const auto listed = for_each(
            "ListGroupsForUser", {{"UserName", user}}, "Groups",
            [&](pugi::xml_node group) { groups.emplace_back(group.child("GroupName").text().get()); });
        if (!listed) return std::unexpected(listed.error());
        for (const auto& group : groups)
            if (auto theirs = add_all("Group", group, " of group " + group, policies); !theirs)
                return std::unexpected(theirs.error());
        return policies;
    }

private:
    // The inline and the managed policies of a user or a group.
    Read<void> add_all(const std::string& kind, std::string_view name, const std::string& whose,
                       ports::PoliciesOfUser& to) {
        const auto key = kind + "Name";
        std::vector<std::string> names, arns;
        auto listed = for_each("List" + kind + "Policies", {{key, name}}, "PolicyNames",
                               [&](pugi::xml_node member) { names.emplace_back(member.text().get()); });
        if (!listed) return listed;
        listed = for_each(
            "ListAttached" + kind + "Policies", {{key, name}}, "AttachedPolicies",
            [&](pugi::xml_node member) { arns.emplace_back(member.child("PolicyArn").text().get()); });
        if (!listed) return listed;
        const auto get = "Get" + kind + "Policy";
        for (const auto& policy : names) {
            const auto got = ask(get, {{key, name}, {"PolicyName", policy}});
            if (!got) return std::unexpected(got.error());
            const std::string_view text = result(*got, get).child("PolicyDocument").text().get();
            if (text.empty()) return unreadable(get);
            to.identity.push_back({"inline policy " + policy + whose, signature::percent_decoded(text)});
        }
        for (const auto& arn : arns) {
            auto document = managed(arn);
            if (!document) return std::unexpected(document.error());
            document->name += whose;
            to.identity.push_back(std::move(*document));
        }
        return {};
    }

    Read<NamedDocument> managed(const std::string& arn) {
        const auto policy = ask("GetPolicy", {{"PolicyArn", arn}});
        if (!policy) return std::unexpected(policy.error());
        const std::string version_id =
            result(*policy, "GetPolicy").child("Policy").child("DefaultVersionId").text().get();
        const auto got = ask("GetPolicyVersion", {{"PolicyArn", arn}, {"VersionId", version_id}});
        if (!got) return std::unexpected(got.error());
        const std::string_view text =
            result(*got, "GetPolicyVersion").child("PolicyVersion").child("Document").text().get();
        if (text.empty()) return unreadable("GetPolicyVersion");
        return NamedDocument{arn, signature::percent_decoded(text)};
    }

    static pugi::xml_node result(const Success& success, const std::string& action) {
        return success.document.root().child((action + "Result").c_str());
    }

    Read<Success> ask(const std::string& action, std::initializer_list<Parameter> parameters,
                      std::string_view marker = {}) {
        auto form = form_body(action, version, parameters);
        if (!marker.empty()) {
            form += "&Marker=";
            signature::append_encoded(form, marker);
        }
        return send_(action + "Response", std::move(form));
    }

    // Every member of every page.
    template <class Visit>
    Read<void> for_each(const std::string& action, std::initializer_list<Parameter> parameters,
                        const char* list, Visit visit) {
        std::string marker;
        for (int page = 0; page < most_pages; ++page) {
            const auto got = ask(action, parameters, marker);
            if (!got) return std::unexpected(got.error());
            const auto answer = result(*got, action);
            if (!answer.child(list)) return unreadable(action);
            for (const auto member : answer.child(list).children("member")) visit(member);
            marker = answer.child("Marker").text().get();
            const bool truncated = std::string_view(answer.child("IsTruncated").text().get()) == "true";
            if (!truncated && marker.empty()) return {};
            if (!truncated || marker.empty()) break;
        }
        return unreadable(action);
    }

    std::function<Read<Success>(std::string_view, std::string)> send_;
};

}  // namespace

PolicyReader::PolicyReader(http::Http& http, Endpoint iam, ports::Clock& clock, std::string user_agent)
    : http_(http), iam_(std::move(iam)), clock_(clock), user_agent_(std::move(user_agent)) {}

ports::Answer<ports::PoliciesOfUser> PolicyReader::read(const AccessKey& signer, std::string_view user_name) {
    Reading reading([&](std::string_view expected_root, const std::string& form) {
        return call(http_, signed_form(iam_, form, signer, clock_.now(), user_agent_), expected_root);
    });
    auto policies = reading.of_user(user_name);
    if (!policies) return to_answer<ports::PoliciesOfUser>(std::move(policies.error()));
    return {std::move(*policies)};
}

ports::Answer<std::vector<ports::Simulated>> PolicyReader::simulate(const AccessKey& signer,
                                                                    std::string_view user_arn,
                                                                    const std::vector<std::string>& actions,
                                                                    std::string_view resource) {
    using Decisions = std::vector<ports::Simulated>;
    auto form = form_body("SimulatePrincipalPolicy", version,
                          {{"PolicySourceArn", user_arn}, {"ResourceArns.member.1", resource}});
    for (std::size_t i = 0; i < actions.size(); ++i) {
        form += fmt::format("&ActionNames.member.{}=", i + 1);
        signature::append_encoded(form, actions[i]);
    }
    auto answered = call(http_, signed_form(iam_, form, signer, clock_.now(), user_agent_),
                         "SimulatePrincipalPolicyResponse");
    if (!answered) return to_answer<Decisions>(std::move(answered.error()));
    Decisions decisions;
    const auto result = answered->document.root().child("SimulatePrincipalPolicyResult");
    for (const auto member : result.child("EvaluationResults").children("member"))
        decisions.push_back({printable(member.child("EvalActionName").text().get()),
                             std::string_view(member.child("EvalDecision").text().get()) == "allowed",
                             !member.child("MissingContextValues").child("member")});
    if (decisions.size() != actions.size())
        return {ports::Indeterminate{"the simulation does not decide on every action"},
                answered->server_time};
    return {std::move(decisions), answered->server_time};
}

}  // namespace keytide::aws
