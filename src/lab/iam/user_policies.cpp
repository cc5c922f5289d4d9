#include "lab/iam/user_policies.hpp"

#include <vector>

#include "lab/constraints.hpp"
#include "lab/iam/paging.hpp"
#include "lab/xml.hpp"
#include "signature/percent_encoding.hpp"

namespace keytide::lab::iam {
namespace {

Outcome<void> admit(const Call& call, std::string_view action) {
    if (auto allowed = call.authorise_on_user(action); !allowed) return allowed;
    return call.check_user_name(Call::Absent::is_refused);
}

Outcome<std::string_view> policy_name(const Call& call) {
    auto name = call.required("PolicyName", "policyName");
    if (!name) return name;
    if (auto valid = check_policy_name(*name); !valid) return std::unexpected(valid.error());
    return name;
}

}  // namespace

ActionResult put_user_policy(const Call& call) {
    if (auto admitted = admit(call, "iam:PutUserPolicy"); !admitted) return std::unexpected(admitted.error());
    auto name = policy_name(call);
    if (!name) return std::unexpected(name.error());
    auto document = call.required("PolicyDocument", "policyDocument");
    if (!document) return std::unexpected(document.error());
    auto user = call.account.users().named(call.user_name());
    if (!user) return std::unexpected(user.error());
    if (auto put = (*user)->policies.put(*name, *document, call.user_name()); !put)
        return std::unexpected(put.error());
    return no_result();
}

ActionResult get_user_policy(const Call& call) {
    if (auto admitted = admit(call, "iam:GetUserPolicy"); !admitted) return std::unexpected(admitted.error());
    auto name = policy_name(call);
    if (!name) return std::unexpected(name.error());
    auto user = call.account.users().named(call.user_name());
    if (!user) return std::unexpected(user.error());
    auto policy = (*user)->policies.named(*name);
    if (!policy) return std::unexpected(policy.error());
    std::string document;
    signature::append_encoded(document, (*policy)->document);
    XmlWriter xml;
    return xml.leaf("UserName", call.user_name())
        .leaf("PolicyName", *name)
        .leaf("PolicyDocument", document)
        .take();
}

ActionResult list_user_policies(const Call& call) {
    if (auto admitted = admit(call, "iam:ListUserPolicies"); !admitted)
        return std::unexpected(admitted.error());
    auto user = call.account.users().named(call.user_name());
    if (!user) return std::unexpected(user.error());
    std::vector<std::string> names;
    for (const auto& [name, policy] : (*user)->policies.by_name()) names.push_back(name);
    auto page = page_of(call.parameters, names);
    if (!page) return std::unexpected(page.error());
    XmlWriter xml;
    xml.open("PolicyNames");
    for (std::size_t i = page->begin; i < page->end; ++i) xml.leaf("member", names[i]);
    xml.close("PolicyNames");
    page->append_to(xml);
    return xml.take();
}

ActionResult delete_user_policy(const Call& call) {
    if (auto admitted = admit(call, "iam:DeleteUserPolicy"); !admitted)
        return std::unexpected(admitted.error());
    auto name = policy_name(call);
    if (!name) return std::unexpected(name.error());
    auto user = call.account.users().named(call.user_name());
    if (!user) return std::unexpected(user.error());
    if (auto deleted = (*user)->policies.erase(*name); !deleted) return std::unexpected(deleted.error());
    return no_result();
}

}  // namespace keytide::lab::iam
