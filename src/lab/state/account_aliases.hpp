// The aliases of accounts: names in the address of the console, one for each account, none for two.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/console-account-alias.html
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "lab/service_error.hpp"
#include "vocabulary/identity.hpp"

namespace keytide::lab {

class AccountAliases {
public:
    // Replaces the one that the account has. ValidationError; EntityAlreadyExists.
    Outcome<void> put(const AccountId& account, std::string_view alias);
    Outcome<void> erase(const AccountId& account, std::string_view alias);  // NoSuchEntity
    std::string_view of(const AccountId& account) const;                    // empty: it has none

private:
    std::map<AccountId, std::string, std::less<>> by_account_;
};

// 3 to 63 lower-case letters, digits and single hyphens between them.
Outcome<void> check_account_alias(std::string_view alias);

}  // namespace keytide::lab
