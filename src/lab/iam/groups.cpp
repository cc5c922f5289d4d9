#include "lab/iam/groups.hpp"

#include "lab/constraints.hpp"
#include "lab/iam/elements.hpp"

namespace keytide::lab::iam {
namespace {

gate::Target target_group(const Call& call) {
    return call.target(Holder::group, call.parameters.get("GroupName"));
}

Outcome<std::string_view> admit(const Call& call, std::string_view action) {
    if (auto allowed = call.authorise(action, target_group(call)); !allowed)
        return std::unexpected(allowed.error());
    return call.required_name("GroupName", "groupName");
}

}  // namespace

ActionResult create_group(const Call& call) {
    const auto path = call.parameters.get("Path", "/");
    const auto name = call.parameters.get("GroupName");
    if (auto allowed = call.authorise("iam:CreateGroup", gate::by_arn(call.arn("group", path, name)));
        !allowed)
        return std::unexpected(allowed.error());
    if (auto given = call.required("GroupName", "groupName"); !given) return std::unexpected(given.error());
    auto group = call.account.groups().create(name, path, call.account.randomness(), call.now);
    if (!group) return std::unexpected(group.error());
    XmlWriter xml;
    xml.open("Group");
    append_group(xml, **group);
    return xml.close("Group").take();
}

ActionResult get_group(const Call& call) {
    auto name = admit(call, "iam:GetGroup");
    if (!name) return std::unexpected(name.error());
    auto group = call.account.groups().named(*name);
    if (!group) return std::unexpected(group.error());
    std::vector<std::string> names;
    for (const auto* user : (*group)->members) names.push_back(user->name);
    auto users = paged(call, "Users", std::move(names), [&](XmlWriter& xml, const std::string& user) {
        append_user(xml, *call.account.users().find(user), Detail::listed);
    });
    if (!users) return users;
    XmlWriter xml;
    xml.open("Group");
    append_group(xml, **group);
    return xml.close("Group").raw(**users).take();
}

ActionResult list_groups(const Call& call) {
    const auto prefix = call.parameters.get("PathPrefix", "/");
    if (auto allowed = call.authorise("iam:ListGroups", gate::by_arn(call.arn("group", prefix))); !allowed)
        return std::unexpected(allowed.error());
    if (auto valid = check_path_prefix(prefix); !valid) return std::unexpected(valid.error());
    std::vector<std::string> names;
    for (const auto& [name, group] : call.account.groups().by_name())
        if (group.path.starts_with(prefix)) names.push_back(name);
    return paged(call, "Groups", std::move(names), [&](XmlWriter& xml, const std::string& name) {
        append_group(xml, **call.account.groups().named(name));
    });
}

// Under both names, as for users. https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateGroup.html
ActionResult update_group(const Call& call) {
    auto name = admit(call, "iam:UpdateGroup");
    if (!name) return std::unexpected(name.error());
    const auto new_name = call.parameters.get("NewGroupName");
    const auto new_path = call.parameters.get("NewPath");
    if (auto group = call.account.groups().named(*name)) {
        const auto arn = call.arn("group", new_path.empty() ? (*group)->path : new_path,
                                  new_name.empty() ? *name : new_name);
        if (auto allowed = call.authorise("iam:UpdateGroup", gate::by_arn(arn)); !allowed)
            return std::unexpected(allowed.error());
    }
    if (call.parameters.has("NewGroupName"))
        if (auto valid = check_name("newGroupName", new_name, 128); !valid)
            return std::unexpected(valid.error());
    if (call.parameters.has("NewPath"))
        if (auto valid = check_path(new_path, "newPath"); !valid) return std::unexpected(valid.error());
    if (auto updated = call.account.groups().update(*name, new_name, new_path); !updated)
        return std::unexpected(updated.error());
    return no_result();
}

ActionResult delete_group(const Call& call) {
    auto name = admit(call, "iam:DeleteGroup");
    if (!name) return std::unexpected(name.error());
    if (auto deleted = call.account.delete_group(*name); !deleted) return std::unexpected(deleted.error());
    return no_result();
}

ActionResult add_user_to_group(const Call& call) {
    auto name = admit(call, "iam:AddUserToGroup");
    if (!name) return std::unexpected(name.error());
    auto user = call.required_name("UserName", "userName");
    if (!user) return std::unexpected(user.error());
    if (auto added = call.account.add_to_group(*user, *name); !added) return std::unexpected(added.error());
    return no_result();
}

ActionResult remove_user_from_group(const Call& call) {
    auto name = admit(call, "iam:RemoveUserFromGroup");
    if (!name) return std::unexpected(name.error());
    auto user = call.required_name("UserName", "userName");
    if (!user) return std::unexpected(user.error());
    if (auto removed = call.account.remove_from_group(*user, *name); !removed)
        return std::unexpected(removed.error());
    return no_result();
}

ActionResult list_groups_for_user(const Call& call) {
    if (auto allowed = call.authorise_on_user("iam:ListGroupsForUser"); !allowed)
        return std::unexpected(allowed.error());
    if (auto valid = call.check_user_name(Call::Absent::is_refused); !valid)
        return std::unexpected(valid.error());
    auto user = call.account.users().named(call.user_name());
    if (!user) return std::unexpected(user.error());
    std::vector<std::string> names;
    for (const auto* group : (*user)->groups) names.push_back(group->name);
    return paged(call, "Groups", std::move(names), [&](XmlWriter& xml, const std::string& name) {
        append_group(xml, **call.account.groups().named(name));
    });
}

}  // namespace keytide::lab::iam
