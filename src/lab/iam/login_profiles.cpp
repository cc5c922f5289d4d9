#include "lab/iam/login_profiles.hpp"

#include "lab/state/passwords.hpp"
#include "lab/state/stored_time.hpp"
#include "lab/xml.hpp"

namespace keytide::lab::iam {
namespace {

// Authorised on the user, who is named or is the caller; the root user has no login profile.
Outcome<void> admit(const Call& call, std::string_view action, Call::Absent absent) {
    if (auto allowed = call.authorise_on_user(action); !allowed) return allowed;
    if (auto valid = call.check_user_name(absent); !valid) return valid;
    if (call.user_name().empty())
        return refuse("ValidationError", "Must specify userName when calling with non-User credentials", 400);
    return {};
}

Outcome<std::string_view> required_password(const Call& call, std::string_view name,
                                            std::string_view member) {
    auto password = call.required(name, member);
    if (!password) return password;
    if (auto valid = check_password(member, *password); !valid) return std::unexpected(valid.error());
    return password;
}

void append_profile(XmlWriter& xml, std::string_view user_name, const LoginProfile& profile) {
    xml.open("LoginProfile").leaf("UserName", user_name).leaf("CreateDate", to_rfc3339(profile.created));
    xml.leaf("PasswordResetRequired", profile.must_be_reset).close("LoginProfile");
}

void change(LoginProfile& profile, std::string_view password, Instant now) {
    profile.password = password;
    profile.changed = stored_time(now);
}

}  // namespace

ActionResult create_login_profile(const Call& call) {
    if (auto admitted = admit(call, "iam:CreateLoginProfile", Call::Absent::means_caller); !admitted)
        return std::unexpected(admitted.error());
    auto password = required_password(call, "Password", "password");
    if (!password) return std::unexpected(password.error());
    auto profile = call.account.users().create_login_profile(
        call.user_name(), *password, call.parameters.get("PasswordResetRequired") == "true", call.now);
    if (!profile) return std::unexpected(profile.error());
    XmlWriter xml;
    append_profile(xml, call.user_name(), **profile);
    return xml.take();
}

ActionResult get_login_profile(const Call& call) {
    if (auto admitted = admit(call, "iam:GetLoginProfile", Call::Absent::means_caller); !admitted)
        return std::unexpected(admitted.error());
    auto profile = call.account.users().login_profile(call.user_name());
    if (!profile) return std::unexpected(profile.error());
    XmlWriter xml;
    append_profile(xml, call.user_name(), **profile);
    return xml.take();
}

ActionResult update_login_profile(const Call& call) {
    if (auto admitted = admit(call, "iam:UpdateLoginProfile", Call::Absent::is_refused); !admitted)
        return std::unexpected(admitted.error());
    const auto* password = call.parameters.find("Password");
    if (password != nullptr)
        if (auto valid = check_password("password", *password); !valid) return std::unexpected(valid.error());
    auto profile = call.account.users().login_profile(call.user_name());
    if (!profile) return std::unexpected(profile.error());
    if (password != nullptr) change(**profile, *password, call.now);
    if (const auto* reset = call.parameters.find("PasswordResetRequired"))
        (*profile)->must_be_reset = *reset == "true";
    return no_result();
}

ActionResult delete_login_profile(const Call& call) {
    if (auto admitted = admit(call, "iam:DeleteLoginProfile", Call::Absent::means_caller); !admitted)
        return std::unexpected(admitted.error());
    if (auto deleted = call.account.users().delete_login_profile(call.user_name()); !deleted)
        return std::unexpected(deleted.error());
    return no_result();
}

ActionResult change_password(const Call& call) {
    const auto name = call.caller.user_name.value_or("");
    if (auto allowed = call.authorise("iam:ChangePassword", call.target(Holder::user, name)); !allowed)
        return std::unexpected(allowed.error());
    if (name.empty()) return refuse("InvalidUserType", "Only IAM Users can change their own password", 400);
    auto former = call.required("OldPassword", "oldPassword");
    if (!former) return std::unexpected(former.error());
    auto wanted = required_password(call, "NewPassword", "newPassword");
    if (!wanted) return std::unexpected(wanted.error());
    auto profile = call.account.users().login_profile(name);
    if (!profile) return std::unexpected(profile.error());
    if ((*profile)->password != *former)
        return refuse("AccessDenied", "The old password was incorrect.", 403);
    change(**profile, *wanted, call.now);
    (*profile)->must_be_reset = false;
    return no_result();
}

}  // namespace keytide::lab::iam
