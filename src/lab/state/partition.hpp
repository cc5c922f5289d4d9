// What the accounts of one AWS share: the ids of access keys and the names of buckets are unique among all of
// them. https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/partitions.html
#pragma once

#include <map>
#include <optional>
#include <string_view>

#include "lab/account.hpp"
#include "lab/randomness.hpp"
#include "lab/session.hpp"
#include "lab/state/access_keys.hpp"
#include "lab/state/account_aliases.hpp"
#include "lab/state/aws_managed_policies.hpp"
#include "lab/state/buckets.hpp"
#include "lab/state/quotas.hpp"

namespace keytide::lab {

class Partition {
public:
    Partition(Quotas quotas, Randomness randomness);
    Partition(const Partition&) = delete;  // its accounts refer to it
    Partition& operator=(const Partition&) = delete;

    // With its root user, and a key for that one, drawn by lot when absent. The account is not there yet.
    Account& open_account(const AccountId& id, std::string region, std::optional<AccessKey> root_key,
                          Instant now);

    Account* find_account(std::string_view id);  // null: none
    const std::map<AccountId, Account, std::less<>>& accounts() const { return accounts_; }

    AccessKeys& access_keys() { return access_keys_; }
    Buckets& buckets() { return buckets_; }
    AwsManagedPolicies& aws_managed_policies() { return aws_managed_policies_; }

    SessionSeal& session_seal() { return session_seal_; }

    const Randomness& randomness() const { return randomness_; }

private:
    std::optional<std::string> find_principal(std::string_view arn);

    Quotas quotas_;
    Randomness randomness_;
    AccessKeys access_keys_;
    Buckets buckets_;
    AwsManagedPolicies aws_managed_policies_;
    AccountAliases aliases_;
    SessionSeal session_seal_;
    std::map<AccountId, Account, std::less<>> accounts_;
};

}  // namespace keytide::lab
