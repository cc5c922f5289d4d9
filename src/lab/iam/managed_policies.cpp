#include "lab/iam/managed_policies.hpp"

#include <fmt/format.h>

#include "lab/constraints.hpp"
#include "lab/iam/elements.hpp"
#include "lab/iam/policy_versions.hpp"

namespace keytide::lab::iam {
namespace {

Outcome<std::string_view> one_of(const Call& call, std::string_view parameter, std::string_view member,
                                 std::initializer_list<std::string_view> values, std::string_view otherwise) {
    const auto value = call.parameters.get(parameter, otherwise);
    if (value == otherwise) return value;
    std::string all;
    for (const auto known : values) {
        if (value == known) return value;
        if (!all.empty()) all += ", ";
        all += known;
    }
    return std::unexpected(
        constraint_violated(member, fmt::format("Member must satisfy enum value set: [{}]", all)));
}

Outcome<std::string_view> usage_filter(const Call& call) {
    return one_of(call, "PolicyUsageFilter", "policyUsageFilter",
                  {"PermissionsPolicy", "PermissionsBoundary"}, "");
}

bool is_used(const PolicyUses& uses, std::string_view filter) {
    if (filter == "PermissionsPolicy") return uses.attachments > 0;
    if (filter == "PermissionsBoundary") return uses.boundaries > 0;
    return uses.attachments + uses.boundaries > 0;
}

}  // namespace

ActionResult create_managed_policy(const Call& call) {
    const auto path = call.parameters.get("Path", "/");
    const auto name = call.parameters.get("PolicyName");
    auto target = call.with_tags({call.arn("policy", path, name), fmt::format("policy {}", name)});
    if (auto allowed = call.authorise("iam:CreatePolicy", target); !allowed)
        return std::unexpected(allowed.error());
    const auto tags = call.tags();
    if (!tags.empty())
        if (auto allowed = call.authorise("iam:TagPolicy", target); !allowed)
            return std::unexpected(allowed.error());
    if (auto given = call.required("PolicyName", "policyName"); !given) return std::unexpected(given.error());
    auto document = call.required("PolicyDocument", "policyDocument");
    if (!document) return std::unexpected(document.error());
    if (auto valid = check_tags(tags); !valid) return std::unexpected(valid.error());
    auto policy = call.account.policies().create({name, path, call.parameters.get("Description"), *document},
                                                 call.account.randomness(), call.now);
    if (!policy) return std::unexpected(policy.error());
    (void)(*policy)->tags.put(tags);  // fifty at most, as was checked
    XmlWriter xml;
    xml.open("Policy");
    append_managed_policy(xml, call.account, **policy, Detail::whole);
    return xml.close("Policy").take();
}

ActionResult get_managed_policy(const Call& call) {
    auto policy = admit_policy(call, "iam:GetPolicy");
    if (!policy) return std::unexpected(policy.error());
    XmlWriter xml;
    xml.open("Policy");
    append_managed_policy(xml, call.account, **policy, Detail::whole);
    return xml.close("Policy").take();
}

ActionResult list_managed_policies(const Call& call) {
    const auto prefix = call.parameters.get("PathPrefix", "/");
    if (auto allowed = call.authorise("iam:ListPolicies", {"*", fmt::format("policy path {}", prefix)});
        !allowed)
        return std::unexpected(allowed.error());
    if (auto valid = check_path_prefix(prefix); !valid) return std::unexpected(valid.error());
    auto scope = one_of(call, "Scope", "scope", {"All", "AWS", "Local"}, "All");
    if (!scope) return std::unexpected(scope.error());
    auto filter = usage_filter(call);
    if (!filter) return std::unexpected(filter.error());
    const bool only_used = call.parameters.get("OnlyAttached") == "true" || !filter->empty();

    std::vector<std::string> arns;
    const auto list = [&](const ManagedPolicy& policy) {
        if (!policy.path.starts_with(prefix)) return;
        if (only_used && !is_used(call.account.uses_of(policy), *filter)) return;
        arns.push_back(policy.arn);
    };
    if (*scope != "AWS")
        for (const auto& [name, policy] : call.account.policies().by_name()) list(policy);
    if (*scope != "Local")
        for (const auto& [name, policy] : call.account.aws_managed_policies().all()) list(*policy);
    return paged(call, "Policies", std::move(arns), [&](XmlWriter& xml, const std::string& arn) {
        append_managed_policy(xml, call.account, *call.account.find_policy(arn), Detail::listed);
    });
}

ActionResult delete_managed_policy(const Call& call) {
    auto policy = admit_own_policy(call, "iam:DeletePolicy");
    if (!policy) return std::unexpected(policy.error());
    if (auto deleted = call.account.delete_policy(**policy); !deleted)
        return std::unexpected(deleted.error());
    return no_result();
}

ActionResult list_entities_for_policy(const Call& call) {
    auto policy = admit_policy(call, "iam:ListEntitiesForPolicy");
    if (!policy) return std::unexpected(policy.error());
    auto kind = one_of(call, "EntityFilter", "entityFilter",
                       {"User", "Role", "Group", "LocalManagedPolicy", "AWSManagedPolicy"}, "");
    if (!kind) return std::unexpected(kind.error());
    auto usage = usage_filter(call);
    if (!usage) return std::unexpected(usage.error());
    const auto prefix = call.parameters.get("PathPrefix", "/");
    if (auto valid = check_path_prefix(prefix); !valid) return std::unexpected(valid.error());

    // One list of all three kinds, so that pages are cut as from one.
    std::vector<std::string> names;
    std::map<std::string, std::pair<std::string, std::string>> found;  // name and id
    const auto list = [&](std::string_view of, const auto& entity, const ManagedPolicy* boundary) {
        if (!kind->empty() && *kind != of) return;
        if (!entity.path.starts_with(prefix)) return;
        const bool attached = *usage != "PermissionsBoundary" && entity.attached.contains(**policy);
        const bool bounded = *usage != "PermissionsPolicy" && boundary == *policy;
        if (!attached && !bounded) return;
        const auto key = fmt::format("{}/{}", of, entity.name);
        names.push_back(key);
        found[key] = {entity.name, entity.id};
    };
    for (const auto& [name, group] : call.account.groups().by_name()) list("Group", group, nullptr);
    for (const auto& [name, user] : call.account.users().by_name()) list("User", user, user.boundary);
    for (const auto& [name, role] : call.account.roles().by_name()) list("Role", role, role.boundary);
    std::map<std::string_view, XmlWriter> lists;
    auto page = paged(call, "", std::move(names), [&](XmlWriter&, const std::string& key) {
        const std::string_view of = key[0] == 'G' ? "Group" : key[0] == 'U' ? "User" : "Role";
        auto& xml = lists[of].open("member");
        xml.leaf(fmt::format("{}Name", of), found[key].first)
            .leaf(fmt::format("{}Id", of), found[key].second);
        xml.close("member");
    });
    if (!page) return page;
    XmlWriter xml;
    for (const std::string_view of : {"Group", "User", "Role"}) {
        const auto element = fmt::format("Policy{}s", of);
        xml.open(element).raw(lists[of].take()).close(element);
    }
    return xml.raw(std::string_view(**page).substr((*page)->find("<IsTruncated>"))).take();
}

}  // namespace keytide::lab::iam
