#include "lab/iam/account_aliases.hpp"

#include "lab/iam/paging.hpp"
#include "lab/xml.hpp"

namespace keytide::lab::iam {
namespace {

Outcome<std::string_view> admit(const Call& call, std::string_view action) {
    if (auto allowed = call.authorise(action, gate::by_arn("*")); !allowed)
        return std::unexpected(allowed.error());
    return call.required("AccountAlias", "accountAlias");
}

}  // namespace

ActionResult create_account_alias(const Call& call) {
    auto alias = admit(call, "iam:CreateAccountAlias");
    if (!alias) return std::unexpected(alias.error());
    if (auto put = call.account.aliases().put(call.account.id(), *alias); !put)
        return std::unexpected(put.error());
    return no_result();
}

ActionResult delete_account_alias(const Call& call) {
    auto alias = admit(call, "iam:DeleteAccountAlias");
    if (!alias) return std::unexpected(alias.error());
    if (auto deleted = call.account.aliases().erase(call.account.id(), *alias); !deleted)
        return std::unexpected(deleted.error());
    return no_result();
}

ActionResult list_account_aliases(const Call& call) {
    if (auto allowed = call.authorise("iam:ListAccountAliases", gate::by_arn("*")); !allowed)
        return std::unexpected(allowed.error());
    std::vector<std::string> aliases;
    if (const auto alias = call.account.aliases().of(call.account.id()); !alias.empty())
        aliases.emplace_back(alias);
    auto page = page_of(call.parameters, aliases);
    if (!page) return std::unexpected(page.error());
    XmlWriter xml;
    xml.open("AccountAliases");
    for (auto i = page->begin; i < page->end; ++i) xml.leaf("member", aliases[i]);
    xml.close("AccountAliases");
    page->append_to(xml);
    return xml.take();
}

}  // namespace keytide::lab::iam
