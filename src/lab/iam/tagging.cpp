#include "lab/iam/tagging.hpp"

#include "lab/constraints.hpp"
#include "lab/iam/elements.hpp"
#include "lab/iam/policy_versions.hpp"

namespace keytide::lab::iam {
namespace {

// Authorised on what is tagged, which is there.
Outcome<Tags*> of_user(const Call& call, std::string_view action) {
    if (auto allowed = call.authorise(action, call.with_tags(call.target_user())); !allowed)
        return std::unexpected(allowed.error());
    if (auto valid = call.check_user_name(Call::Absent::is_refused); !valid)
        return std::unexpected(valid.error());
    auto user = call.account.users().named(call.user_name());
    if (!user) return std::unexpected(user.error());
    return &(*user)->tags;
}

Outcome<Tags*> of_role(const Call& call, std::string_view action) {
    const auto target = call.with_tags(call.target(Holder::role, call.parameters.get("RoleName")));
    if (auto allowed = call.authorise(action, target); !allowed) return std::unexpected(allowed.error());
    auto name = call.required_name("RoleName", "roleName", 64);
    if (!name) return std::unexpected(name.error());
    auto role = call.account.roles().named(*name);
    if (!role) return std::unexpected(role.error());
    return &(*role)->tags;
}

Outcome<Tags*> of_policy(const Call& call, std::string_view action) {
    const auto target = call.with_tags(call.target_policy(call.parameters.get("PolicyArn")));
    if (auto allowed = call.authorise(action, target); !allowed) return std::unexpected(allowed.error());
    auto policy = own_policy(call, action);
    if (!policy) return std::unexpected(policy.error());
    return &(*policy)->tags;
}

ActionResult put(const Call& call, Outcome<Tags*> tags) {
    if (!tags) return std::unexpected(tags.error());
    if (!call.parameters.has("Tags") && call.tags().empty())
        return std::unexpected(call.required("Tags", "tags").error());
    const auto wanted = call.tags();
    if (auto valid = check_tags(wanted); !valid) return std::unexpected(valid.error());
    if (auto put = (*tags)->put(wanted); !put) return std::unexpected(put.error());
    return no_result();
}

ActionResult erase(const Call& call, Outcome<Tags*> tags) {
    if (!tags) return std::unexpected(tags.error());
    const auto keys = call.tag_keys();
    if (!call.parameters.has("TagKeys") && keys.empty())
        return std::unexpected(call.required("TagKeys", "tagKeys").error());
    if (auto valid = check_tag_keys(keys); !valid) return std::unexpected(valid.error());
    (*tags)->erase(keys);
    return no_result();
}

ActionResult list(const Call& call, const Outcome<Tags*>& tags) {
    if (!tags) return std::unexpected(tags.error());
    return paged_tags(call, **tags);
}

}  // namespace

ActionResult tag_user(const Call& call) {
    return put(call, of_user(call, "iam:TagUser"));
}
ActionResult untag_user(const Call& call) {
    return erase(call, of_user(call, "iam:UntagUser"));
}
ActionResult list_user_tags(const Call& call) {
    return list(call, of_user(call, "iam:ListUserTags"));
}
ActionResult tag_role(const Call& call) {
    return put(call, of_role(call, "iam:TagRole"));
}
ActionResult untag_role(const Call& call) {
    return erase(call, of_role(call, "iam:UntagRole"));
}
ActionResult list_role_tags(const Call& call) {
    return list(call, of_role(call, "iam:ListRoleTags"));
}
ActionResult tag_policy(const Call& call) {
    return put(call, of_policy(call, "iam:TagPolicy"));
}
ActionResult untag_policy(const Call& call) {
    return erase(call, of_policy(call, "iam:UntagPolicy"));
}
ActionResult list_policy_tags(const Call& call) {
    auto policy = admit_policy(call, "iam:ListPolicyTags");
    if (!policy) return std::unexpected(policy.error());
    return paged_tags(call, (*policy)->tags);
}

}  // namespace keytide::lab::iam
