#include "lab/state/account_aliases.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "lab/constraints.hpp"
#include "lab/query_protocol.hpp"

namespace keytide::lab {

Outcome<void> check_account_alias(std::string_view alias) {
    if (auto fits = check_length("accountAlias", alias, 3, 63); !fits) return fits;
    const bool inside = std::all_of(alias.begin(), alias.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
    });
    if (!inside || alias.front() == '-' || alias.back() == '-' || alias.find("--") != std::string_view::npos)
        return std::unexpected(constraint_violated(
            "accountAlias",
            "Member must satisfy regular expression pattern: ^[a-z0-9]([a-z0-9]|-(?!-)){1,61}[a-z0-9]$"));
    return {};
}

Outcome<void> AccountAliases::put(const AccountId& account, std::string_view alias) {
    if (auto valid = check_account_alias(alias); !valid) return valid;
    const bool taken = std::any_of(by_account_.begin(), by_account_.end(),
                                   [&](const auto& one) { return one.second == alias; });
    if (taken)
        return refuse("EntityAlreadyExists", fmt::format("The account alias {} already exists.", alias), 409);
    by_account_.insert_or_assign(account, std::string(alias));
    return {};
}

Outcome<void> AccountAliases::erase(const AccountId& account, std::string_view alias) {
    if (auto valid = check_account_alias(alias); !valid) return valid;
    if (of(account) != alias)
        return refuse("NoSuchEntity", fmt::format("The account alias {} cannot be found.", alias), 404);
    by_account_.erase(account);
    return {};
}

std::string_view AccountAliases::of(const AccountId& account) const {
    const auto found = by_account_.find(account);
    return found == by_account_.end() ? std::string_view{} : std::string_view(found->second);
}

}  // namespace keytide::lab
