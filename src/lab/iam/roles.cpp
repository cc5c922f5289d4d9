#include "lab/iam/roles.hpp"

#include "lab/constraints.hpp"
#include "lab/iam/elements.hpp"

namespace keytide::lab::iam {
namespace {

constexpr std::int64_t shortest_maximum = 3600, longest_maximum = 43'200;  // seconds

// Authorised on the role that RoleName names, which is there.
Outcome<Role*> admit(const Call& call, std::string_view action) {
    if (auto allowed = call.authorise(action, call.target(Holder::role, call.parameters.get("RoleName")));
        !allowed)
        return std::unexpected(allowed.error());
    auto name = call.required_name("RoleName", "roleName", 64);
    if (!name) return std::unexpected(name.error());
    return call.account.roles().named(*name);
}

Outcome<Trust> trust_of(const Call& call, std::string_view document) {
    return read_trust(document, [&](std::string_view arn) { return call.account.find_principal(arn); });
}

ActionResult role_element(const Role& role) {
    XmlWriter xml;
    xml.open("Role");
    append_role(xml, role, Detail::whole);
    return xml.close("Role").take();
}

}  // namespace

ActionResult create_role(const Call& call) {
    const auto path = call.parameters.get("Path", "/");
    const auto name = call.parameters.get("RoleName");
    const auto target = call.with_boundary(call.with_tags(gate::by_arn(call.arn("role", path, name))));
    if (auto allowed = call.authorise("iam:CreateRole", target); !allowed)
        return std::unexpected(allowed.error());
    const auto tags = call.tags();
    if (!tags.empty())
        if (auto allowed = call.authorise("iam:TagRole", target); !allowed)
            return std::unexpected(allowed.error());
    if (auto given = call.required("RoleName", "roleName"); !given) return std::unexpected(given.error());
    auto document = call.required("AssumeRolePolicyDocument", "assumeRolePolicyDocument");
    if (!document) return std::unexpected(document.error());
    const auto description = call.parameters.get("Description");
    if (auto valid = check_description(description); !valid) return std::unexpected(valid.error());
    auto longest = call.number("MaxSessionDuration", "maxSessionDuration", shortest_maximum, longest_maximum);
    if (!longest) return std::unexpected(longest.error());
    if (auto valid = check_tags(tags); !valid) return std::unexpected(valid.error());
    auto boundary = call.account.boundary_named(call.parameters.get("PermissionsBoundary"));
    if (!boundary) return std::unexpected(boundary.error());
    auto trust = trust_of(call, *document);
    if (!trust) return std::unexpected(trust.error());
    auto role =
        call.account.roles().create(name, path, std::move(*trust), call.account.randomness(), call.now);
    if (!role) return std::unexpected(role.error());
    (*role)->description = description;
    if (*longest) (*role)->longest_session = std::chrono::seconds(**longest);
    (void)(*role)->tags.put(tags);  // fifty at most, as was checked
    call.account.set_boundary((*role)->boundary, *boundary);
    return role_element(**role);
}

ActionResult get_role(const Call& call) {
    auto role = admit(call, "iam:GetRole");
    if (!role) return std::unexpected(role.error());
    return role_element(**role);
}

ActionResult list_roles(const Call& call) {
    const auto prefix = call.parameters.get("PathPrefix", "/");
    if (auto allowed = call.authorise("iam:ListRoles", gate::by_arn(call.arn("role", prefix))); !allowed)
        return std::unexpected(allowed.error());
    if (auto valid = check_path_prefix(prefix); !valid) return std::unexpected(valid.error());
    std::vector<std::string> names;
    for (const auto& [name, role] : call.account.roles().by_name())
        if (role.path.starts_with(prefix)) names.push_back(name);
    return paged(call, "Roles", std::move(names), [&](XmlWriter& xml, const std::string& name) {
        append_role(xml, *call.account.roles().find(name), Detail::listed);
    });
}

ActionResult update_role(const Call& call) {
    auto role = admit(call, "iam:UpdateRole");
    if (!role) return std::unexpected(role.error());
    const auto description = call.parameters.get("Description", (*role)->description);
    if (auto valid = check_description(description); !valid) return std::unexpected(valid.error());
    auto longest = call.number("MaxSessionDuration", "maxSessionDuration", shortest_maximum, longest_maximum);
    if (!longest) return std::unexpected(longest.error());
    (*role)->description = std::string(description);
    if (*longest) (*role)->longest_session = std::chrono::seconds(**longest);
    return std::string();  // an element that is empty
}

ActionResult update_role_description(const Call& call) {
    auto role = admit(call, "iam:UpdateRoleDescription");
    if (!role) return std::unexpected(role.error());
    auto description = call.required("Description", "description");
    if (!description) return std::unexpected(description.error());
    if (auto valid = check_description(*description); !valid) return std::unexpected(valid.error());
    (*role)->description = *description;
    return role_element(**role);
}

ActionResult update_assume_role_policy(const Call& call) {
    auto role = admit(call, "iam:UpdateAssumeRolePolicy");
    if (!role) return std::unexpected(role.error());
    auto document = call.required("PolicyDocument", "policyDocument");
    if (!document) return std::unexpected(document.error());
    auto trust = trust_of(call, *document);
    if (!trust) return std::unexpected(trust.error());
    (*role)->trust = std::move(*trust);
    return no_result();
}

ActionResult delete_role(const Call& call) {
    auto role = admit(call, "iam:DeleteRole");
    if (!role) return std::unexpected(role.error());
    if (auto deleted = call.account.delete_role(**role); !deleted) return std::unexpected(deleted.error());
    return no_result();
}

}  // namespace keytide::lab::iam
