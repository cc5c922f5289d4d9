// A look at all users of an account, with the fewest calls.
//
// The credential report tells of everybody in two calls and some waiting, however many they are. Where it is
// not to be had, the users are listed, a thousand a call, and the keys of each are asked for one by one. The
// report has no key ids and may be four hours old, so whoever is found wanting in it is looked at closer: the
// list of that user's keys is what AWS knows now.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_getting-report.html
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "compliance/account.hpp"
#include "orchestrator/aws_clock.hpp"
#include "ports/access_keys.hpp"
#include "ports/account_records.hpp"
#include "ports/entropy.hpp"

namespace keytide::orchestrator {

struct AccountDoors {
    ports::AccountRecords& records;
    ports::AccessKeys& access_keys;
    AwsClock& clock;
    ports::Entropy& entropy;
};

struct WantedOfAccount {
    bool live = false;      // no credential report
    bool root = true;       // whether root has a key
    bool last_uses = true;  // of keys
    bool tags = false;
};

struct AccountSurvey {
    compliance::Account account;
    std::optional<Instant> report_of;  // when the credential report was made; nothing: live
    std::vector<std::string> unseen;   // what could not be had, and why
};

Result<AccountSurvey> survey_account(const AccountDoors& doors, const AccessKey& signer,
                                     const WantedOfAccount& wanted);

// The keys that these users have now, with their ids. What is known of their uses is kept.
Result<void> look_closer(const AccountDoors& doors, const AccessKey& signer, const WantedOfAccount& wanted,
                         const std::set<std::string>& users, AccountSurvey& survey);

}  // namespace keytide::orchestrator
