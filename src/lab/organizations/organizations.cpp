#include "lab/organizations/organizations.hpp"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <vector>

#include "lab/gate/authorisation.hpp"
#include "lab/json_input.hpp"
#include "lab/json_paging.hpp"

namespace keytide::lab::organizations {
namespace {

namespace json = boost::json;

constexpr std::string_view organization_id = "o-keytidelab";
constexpr std::int64_t most_accounts = 20;  // of a page

json::object listed(const Account& account, const AccountId& management) {
    return {{"Id", account.id()},
            {"Arn", fmt::format("arn:aws:organizations::{}:account/{}/{}", management, organization_id,
                                account.id())},
            {"Email", fmt::format("root+{}@example.com", account.id())},
            {"Name", "Lab " + account.id()},
            {"Status", "ACTIVE"},
            {"State", "ACTIVE"},
            {"JoinedMethod", account.id() == management ? "INVITED" : "CREATED"},
            {"JoinedTimestamp", json_time(account.created())}};
}

JsonResult list_accounts(Partition& partition, const AccountId& management, const Caller& caller,
                         JsonInput& input) {
    const auto& own = *partition.find_account(caller.account);
    if (auto allowed = gate::authorise_json(own, caller, "organizations:ListAccounts", gate::by_arn("*"));
        !allowed)
        return std::unexpected(allowed.error());
    const auto most = input.number("MaxResults", 1, most_accounts);
    const auto token = input.text("NextToken", {0, 100'000});
    if (auto valid = input.end(); !valid) return std::unexpected(valid.error());
    if (partition.accounts().size() < 2)
        return refuse("AWSOrganizationsNotInUseException", "Your account is not a member of an organization.",
                      400);
    if (caller.account != management)
        return refuse("AccessDeniedException", "You don't have permissions to access this resource.", 400);

    std::vector<const Account*> all;
    for (const auto& [id, account] : partition.accounts()) all.push_back(&account);
    const auto page = page_of(all, std::size_t(most.value_or(most_accounts)), token);
    if (!page) return refuse("InvalidInputException", "You specified an invalid value.", 400);
    json::array accounts;
    for (const auto* account : page->items) accounts.push_back(listed(*account, management));
    json::object answer{{"Accounts", std::move(accounts)}};
    if (page->next) answer["NextToken"] = *page->next;
    return json_text(answer);
}

}  // namespace

JsonResult serve(Partition& partition, const AccountId& management, const Caller& caller,
                 std::string_view action, std::string_view body) {
    if (action != "ListAccounts") return std::unexpected(unknown_operation());
    JsonInput input(body);
    return list_accounts(partition, management, caller, input);
}

}  // namespace keytide::lab::organizations
