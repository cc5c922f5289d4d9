#include "lab/iam/users.hpp"

#include <utility>
#include <vector>

#include "lab/constraints.hpp"
#include "lab/iam/paging.hpp"
#include "lab/xml.hpp"

namespace keytide::lab::iam {
namespace {

void append_user(XmlWriter& xml, const User& user) {
    xml.leaf("Path", user.path).leaf("UserName", user.name).leaf("UserId", user.id).leaf("Arn", user.arn);
    xml.leaf("CreateDate", to_rfc3339(user.created));
}

// Parameters that would give the user more, or less, than this lab can hold.
Outcome<void> refuse_what_users_lack(const Parameters& parameters) {
    if (parameters.has("PermissionsBoundary"))
        return refuse("InvalidInput", "PermissionsBoundary is not supported here yet.", 400);
    if (!parameters.structures("Tags.member").empty())
        return refuse("InvalidInput", "Tags are not supported here yet.", 400);
    return {};
}

}  // namespace

ActionResult create_user(const Call& call) {
    const auto path = call.parameters.get("Path", "/");
    const auto name = call.parameters.get("UserName");
    auto allowed = gate::authorise(
        call.account, call.caller, "iam:CreateUser",
        gate::by_arn("arn:aws:iam::" + call.account.id() + ":user" + std::string(path) + std::string(name)));
    if (!allowed) return std::unexpected(allowed.error());
    if (auto given = call.required("UserName", "userName"); !given) return std::unexpected(given.error());
    if (auto known = refuse_what_users_lack(call.parameters); !known) return std::unexpected(known.error());
    auto user = call.account.create_user(name, path, call.now);
    if (!user) return std::unexpected(user.error());
    XmlWriter xml;
    xml.open("User");
    append_user(xml, **user);
    return xml.close("User").take();
}

ActionResult get_user(const Call& call) {
    if (auto allowed = call.authorise_on_user("iam:GetUser"); !allowed)
        return std::unexpected(allowed.error());
    if (auto valid = call.check_user_name(Call::Absent::means_caller); !valid)
        return std::unexpected(valid.error());
    XmlWriter xml;
    xml.open("User");
    if (call.user_name().empty()) {
        xml.leaf("UserId", call.account.id()).leaf("Arn", call.caller.arn);
        xml.leaf("CreateDate", to_rfc3339(call.account.created()));
    } else {
        auto user = std::as_const(call.account).users().named(call.user_name());
        if (!user) return std::unexpected(user.error());
        append_user(xml, **user);
    }
    return xml.close("User").take();
}

ActionResult list_users(const Call& call) {
    const auto prefix = call.parameters.get("PathPrefix", "/");
    auto allowed =
        gate::authorise(call.account, call.caller, "iam:ListUsers",
                        gate::by_arn("arn:aws:iam::" + call.account.id() + ":user" + std::string(prefix)));
    if (!allowed) return std::unexpected(allowed.error());
    if (auto valid = check_path_prefix(prefix); !valid) return std::unexpected(valid.error());
    std::vector<std::string> names;
    for (const auto& [name, user] : call.account.users().by_name())
        if (user.path.starts_with(prefix)) names.push_back(name);
    auto page = page_of(call.parameters, names);
    if (!page) return std::unexpected(page.error());
    XmlWriter xml;
    xml.open("Users");
    for (std::size_t i = page->begin; i < page->end; ++i) {
        xml.open("member");
        append_user(xml, *call.account.users().find(names[i]));
        xml.close("member");
    }
    xml.close("Users");
    page->append_to(xml);
    return xml.take();
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
