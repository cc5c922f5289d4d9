#include "lab/iam/elements.hpp"

#include <algorithm>

#include "lab/iam/paging.hpp"
#include "signature/percent_encoding.hpp"

namespace keytide::lab::iam {

void append_boundary(XmlWriter& xml, const ManagedPolicy* boundary) {
    if (boundary == nullptr) return;
    xml.open("PermissionsBoundary").leaf("PermissionsBoundaryType", "Policy");
    xml.leaf("PermissionsBoundaryArn", boundary->arn).close("PermissionsBoundary");
}

void append_last_used(XmlWriter& xml, const Role& role) {
    xml.open("RoleLastUsed");
    if (role.last_used)
        xml.leaf("LastUsedDate", to_rfc3339(role.last_used->at)).leaf("Region", role.last_used->region);
    xml.close("RoleLastUsed");
}

void append_user(XmlWriter& xml, const User& user, Detail detail) {
    xml.leaf("Path", user.path).leaf("UserName", user.name).leaf("UserId", user.id).leaf("Arn", user.arn);
    xml.leaf("CreateDate", to_rfc3339(user.created));
    if (detail == Detail::listed) return;
    append_boundary(xml, user.boundary);
    append_tags(xml, user.tags);
}

void append_group(XmlWriter& xml, const Group& group) {
    xml.leaf("Path", group.path).leaf("GroupName", group.name).leaf("GroupId", group.id);
    xml.leaf("Arn", group.arn).leaf("CreateDate", to_rfc3339(group.created));
}

void append_role(XmlWriter& xml, const Role& role, Detail detail) {
    xml.leaf("Path", role.path).leaf("RoleName", role.name).leaf("RoleId", role.id).leaf("Arn", role.arn);
    xml.leaf("CreateDate", to_rfc3339(role.created));
    append_document(xml, "AssumeRolePolicyDocument", role.trust.document.text);
    if (!role.description.empty()) xml.leaf("Description", role.description);
    xml.leaf("MaxSessionDuration", std::to_string(role.longest_session.count()));
    if (detail == Detail::listed) return;
    append_boundary(xml, role.boundary);
    append_tags(xml, role.tags);
    append_last_used(xml, role);
}

void append_managed_policy(XmlWriter& xml, const Account& account, const ManagedPolicy& policy,
                           Detail detail) {
    const auto uses = account.uses_of(policy);
    xml.leaf("PolicyName", policy.name).leaf("PolicyId", policy.id).leaf("Arn", policy.arn);
    xml.leaf("Path", policy.path).leaf("DefaultVersionId", policy.default_version);
    xml.leaf("AttachmentCount", std::to_string(uses.attachments));
    xml.leaf("PermissionsBoundaryUsageCount", std::to_string(uses.boundaries));
    xml.leaf("IsAttachable", true);
    if (detail == Detail::whole && !policy.description.empty()) xml.leaf("Description", policy.description);
    xml.leaf("CreateDate", to_rfc3339(policy.created)).leaf("UpdateDate", to_rfc3339(policy.updated));
    if (detail == Detail::whole) append_tags(xml, policy.tags);
}

void append_tags(XmlWriter& xml, const Tags& tags) {
    if (tags.empty()) return;
    xml.open("Tags");
    for (const auto& tag : tags.all())
        xml.open("member").leaf("Key", tag.key).leaf("Value", tag.value).close("member");
    xml.close("Tags");
}

void append_document(XmlWriter& xml, std::string_view name, std::string_view document) {
    std::string encoded;
    signature::append_encoded(encoded, document);
    xml.leaf(name, encoded);
}

ActionResult paged(const Call& call, std::string_view element, std::vector<std::string> names,
                   const std::function<void(XmlWriter&, const std::string& name)>& append) {
    std::sort(names.begin(), names.end());
    auto page = page_of(call.parameters, names);
    if (!page) return std::unexpected(page.error());
    XmlWriter xml;
    xml.open(element);
    for (std::size_t i = page->begin; i < page->end; ++i) {
        xml.open("member");
        append(xml, names[i]);
        xml.close("member");
    }
    xml.close(element);
    page->append_to(xml);
    return xml.take();
}

ActionResult paged_tags(const Call& call, const Tags& tags) {
    std::vector<std::string> keys;
    for (const auto& tag : tags.all()) keys.push_back(tag.key);
    return paged(call, "Tags", std::move(keys), [&](XmlWriter& xml, const std::string& key) {
        xml.leaf("Key", key).leaf("Value", *tags.find(key));
    });
}

}  // namespace keytide::lab::iam
