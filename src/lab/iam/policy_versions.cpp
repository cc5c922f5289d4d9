#include "lab/iam/policy_versions.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "lab/constraints.hpp"
#include "lab/iam/elements.hpp"

namespace keytide::lab::iam {
namespace {

void append_version(XmlWriter& xml, const ManagedPolicy& policy, const PolicyVersion& version,
                    Detail detail) {
    if (detail == Detail::whole) append_document(xml, "Document", version.document.text);
    xml.leaf("VersionId", version.id).leaf("IsDefaultVersion", version.id == policy.default_version);
    xml.leaf("CreateDate", to_rfc3339(version.created));
}

Outcome<std::string_view> version_id(const Call& call) {
    auto id = call.required("VersionId", "versionId");
    if (!id) return id;
    const auto digits = id->substr(std::min<std::size_t>(1, id->size()));
    if (!id->starts_with('v') || digits.empty() || digits[0] == '0' ||
        digits.find_first_not_of("0123456789") != std::string_view::npos)
        return std::unexpected(constraint_violated(
            "versionId",
            R"(Member must satisfy regular expression pattern: v[1-9][0-9]*(\.[A-Za-z0-9-]*)?)"));
    return id;
}

Outcome<const ManagedPolicy*> named_policy(const Call& call) {
    auto arn = call.required_policy_arn();
    if (!arn) return std::unexpected(arn.error());
    if (const auto* policy = call.account.find_policy(*arn)) return policy;
    return std::unexpected(no_such_policy(*arn));
}

// By age, while pages are cut by text.
std::string sortable(const PolicyVersion& version) {
    return fmt::format("{:0>12}", std::string_view(version.id).substr(1));
}

}  // namespace

Outcome<const ManagedPolicy*> admit_policy(const Call& call, std::string_view action) {
    const auto arn = call.parameters.get("PolicyArn");
    if (auto allowed = call.authorise(action, call.target_policy(arn)); !allowed)
        return std::unexpected(allowed.error());
    return named_policy(call);
}

Outcome<ManagedPolicy*> own_policy(const Call& call, std::string_view action) {
    auto policy = named_policy(call);
    if (!policy) return std::unexpected(policy.error());
    if (auto* own = call.account.policies().find((*policy)->arn)) return own;
    return refuse("AccessDenied",
                  fmt::format("User: {} is not authorized to perform: {} on resource: policy {}",
                              call.caller.arn, action, (*policy)->arn),
                  403);
}

Outcome<ManagedPolicy*> admit_own_policy(const Call& call, std::string_view action) {
    const auto arn = call.parameters.get("PolicyArn");
    if (auto allowed = call.authorise(action, call.target_policy(arn)); !allowed)
        return std::unexpected(allowed.error());
    return own_policy(call, action);
}

ActionResult create_policy_version(const Call& call) {
    auto policy = admit_own_policy(call, "iam:CreatePolicyVersion");
    if (!policy) return std::unexpected(policy.error());
    auto document = call.required("PolicyDocument", "policyDocument");
    if (!document) return std::unexpected(document.error());
    auto version = (*policy)->add_version(*document, call.parameters.get("SetAsDefault") == "true", call.now);
    if (!version) return std::unexpected(version.error());
    XmlWriter xml;
    xml.open("PolicyVersion");
    append_version(xml, **policy, **version, Detail::listed);
    return xml.close("PolicyVersion").take();
}

ActionResult get_policy_version(const Call& call) {
    auto policy = admit_policy(call, "iam:GetPolicyVersion");
    if (!policy) return std::unexpected(policy.error());
    auto id = version_id(call);
    if (!id) return std::unexpected(id.error());
    auto version = (*policy)->version(*id);
    if (!version) return std::unexpected(version.error());
    XmlWriter xml;
    xml.open("PolicyVersion");
    append_version(xml, **policy, **version, Detail::whole);
    return xml.close("PolicyVersion").take();
}

ActionResult list_policy_versions(const Call& call) {
    auto policy = admit_policy(call, "iam:ListPolicyVersions");
    if (!policy) return std::unexpected(policy.error());
    std::vector<std::string> names;
    for (const auto& version : (*policy)->versions) names.push_back(sortable(version));
    return paged(call, "Versions", std::move(names), [&](XmlWriter& xml, const std::string& name) {
        const auto& all = (*policy)->versions;
        append_version(
            xml, **policy,
            *std::find_if(all.begin(), all.end(), [&](const auto& one) { return sortable(one) == name; }),
            Detail::listed);
    });
}

ActionResult delete_policy_version(const Call& call) {
    auto policy = admit_own_policy(call, "iam:DeletePolicyVersion");
    if (!policy) return std::unexpected(policy.error());
    auto id = version_id(call);
    if (!id) return std::unexpected(id.error());
    if (auto erased = (*policy)->erase_version(*id, call.now); !erased)
        return std::unexpected(erased.error());
    return no_result();
}

ActionResult set_default_policy_version(const Call& call) {
    auto policy = admit_own_policy(call, "iam:SetDefaultPolicyVersion");
    if (!policy) return std::unexpected(policy.error());
    auto id = version_id(call);
    if (!id) return std::unexpected(id.error());
    if (auto set = (*policy)->put_in_force(*id, call.now); !set) return std::unexpected(set.error());
    return no_result();
}

}  // namespace keytide::lab::iam
