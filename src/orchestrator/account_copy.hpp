// What an account lets its users do, read so that it can be set up elsewhere. Every call only reads.
//
// Where the account's details are not to be had, the one user's own policies serve, read one by one.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "orchestrator/aws_clock.hpp"
#include "ports/account_records.hpp"
#include "ports/entropy.hpp"
#include "ports/policies_of_users.hpp"
#include "vocabulary/authorization_details.hpp"
#include "vocabulary/error.hpp"

namespace keytide::orchestrator {

struct CopyDoors {
    ports::AccountRecords& records;
    ports::PoliciesOfUsers& policies;
    AwsClock& clock;
    ports::Entropy& entropy;
};

struct AccountCopy {
    AuthorizationDetails details;
    bool has_policies = true;         // false: the user is there, and nothing of what it may do
    std::vector<std::string> unseen;  // what could not be had, and why
};

// Of the whole account, or else of the user alone.
Result<AccountCopy> copy_account(const CopyDoors& doors, const AccessKey& signer, std::string_view user_name);

}  // namespace keytide::orchestrator
