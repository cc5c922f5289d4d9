#include "lab/iam/users.hpp"

#include <utility>

#include "lab/constraints.hpp"
#include "lab/iam/elements.hpp"

namespace keytide::lab::iam {

ActionResult create_user(const Call& call) {
    const auto path = call.parameters.get("Path", "/");
    const auto name = call.parameters.get("UserName");
    const auto target = call.with_boundary(call.with_tags(gate::by_arn(call.arn("user", path, name))));
    if (auto allowed = call.authorise("iam:CreateUser", target); !allowed)
        return std::unexpected(allowed.error());
    const auto tags = call.tags();
    if (!tags.empty())
        if (auto allowed = call.authorise("iam:TagUser", target); !allowed)
            return std::unexpected(allowed.error());
    if (auto given = call.required("UserName", "userName"); !given) return std::unexpected(given.error());
    if (auto valid = check_tags(tags); !valid) return std::unexpected(valid.error());
    auto boundary = call.account.boundary_named(call.parameters.get("PermissionsBoundary"));
    if (!boundary) return std::unexpected(boundary.error());
    auto user = call.account.create_user(name, path, call.now);
    if (!user) return std::unexpected(user.error());
    (void)(*user)->tags.put(tags);  // fifty at most, as was checked
    call.account.set_boundary((*user)->boundary, *boundary);
    XmlWriter xml;
    xml.open("User");
    append_user(xml, **user, Detail::whole);
    return xml.close("User").take();
}

ActionResult get_user(const Call& call) {
    if (auto allowed = call.authorise_on_user("iam:GetUser"); !allowed)
        return std::unexpected(allowed.error());
    if (auto valid = call.check_user_name(Call::Absent::means_caller); !valid)
        return std::unexpected(valid.error());
    if (auto heard = call.check_heard_of_user(call.replica.reads); !heard)
        return std::unexpected(heard.error());
    XmlWriter xml;
    xml.open("User");
    if (call.user_name().empty()) {
        xml.leaf("UserId", call.account.id()).leaf("Arn", call.caller.arn);
        xml.leaf("CreateDate", to_rfc3339(call.account.created()));
    } else {
        auto user = std::as_const(call.account).users().named(call.user_name());
        if (!user) return std::unexpected(user.error());
        append_user(xml, **user, Detail::whole);
    }
    return xml.close("User").take();
}

ActionResult list_users(const Call& call) {
    const auto prefix = call.parameters.get("PathPrefix", "/");
    if (auto allowed = call.authorise("iam:ListUsers", gate::by_arn(call.arn("user", prefix))); !allowed)
        return std::unexpected(allowed.error());
    if (auto valid = check_path_prefix(prefix); !valid) return std::unexpected(valid.error());
    std::vector<std::string> names;
    for (const auto& [name, user] : call.account.users().by_name())
        if (user.path.starts_with(prefix)) names.push_back(name);
    return paged(call, "Users", std::move(names), [&](XmlWriter& xml, const std::string& name) {
        append_user(xml, *call.account.users().find(name), Detail::listed);
    });
}

// Who renames must have the permission under both names.
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateUser.html
ActionResult update_user(const Call& call) {
    if (auto allowed = call.authorise_on_user("iam:UpdateUser"); !allowed)
        return std::unexpected(allowed.error());
    if (auto valid = call.check_user_name(Call::Absent::is_refused); !valid)
        return std::unexpected(valid.error());
    const auto new_name = call.parameters.get("NewUserName");
    const auto new_path = call.parameters.get("NewPath");
    const auto* user = call.account.users().find(call.user_name());
    if (user != nullptr && (call.parameters.has("NewUserName") || call.parameters.has("NewPath"))) {
        auto target = call.target_user();
        target.arn = call.arn("user", new_path.empty() ? user->path : new_path,
                              new_name.empty() ? user->name : new_name);
        target.words = target.arn;
        if (auto allowed = call.authorise("iam:UpdateUser", target); !allowed)
            return std::unexpected(allowed.error());
    }
    if (call.parameters.has("NewUserName"))
        if (auto valid = check_name("newUserName", new_name, 64); !valid)
            return std::unexpected(valid.error());
    if (call.parameters.has("NewPath"))
        if (auto valid = check_path(new_path, "newPath"); !valid) return std::unexpected(valid.error());
    if (auto updated = call.account.users().update(call.user_name(), new_name, new_path); !updated)
        return std::unexpected(updated.error());
    return no_result();
}

ActionResult delete_user(const Call& call) {
    if (auto allowed = call.authorise_on_user("iam:DeleteUser"); !allowed)
        return std::unexpected(allowed.error());
    if (auto valid = call.check_user_name(Call::Absent::is_refused); !valid)
        return std::unexpected(valid.error());
    if (auto deleted = call.account.delete_user(call.user_name()); !deleted)
        return std::unexpected(deleted.error());
    return no_result();
}

}  // namespace keytide::lab::iam
