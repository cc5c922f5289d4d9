// What IAM tells of all users at once: the credential report, the list of users, the account's details.
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccountAuthorizationDetails.html
#pragma once

#include <string>

#include "aws/endpoint.hpp"
#include "http/http.hpp"
#include "ports/account_records.hpp"
#include "ports/clock.hpp"

namespace keytide::aws {

class AccountReader final : public ports::AccountRecords {
public:
    AccountReader(http::Http& http, Endpoint iam, ports::Clock& clock, std::string user_agent);

    ports::Answer<bool> generate_report(const AccessKey& signer) override;
    ports::Answer<ports::CredentialReport> report(const AccessKey& signer) override;
    ports::Answer<ports::UserPage> users(const AccessKey& signer, std::string_view marker) override;
    ports::Answer<ports::UserPage> users_with_tags(const AccessKey& signer, std::string_view marker) override;
    ports::Answer<bool> root_has_key(const AccessKey& signer) override;
    ports::Answer<ports::DetailsPage> authorization_details(const AccessKey& signer,
                                                            std::string_view marker) override;

private:
    http::Http& http_;
    Endpoint iam_;
    ports::Clock& clock_;
    std::string user_agent_;
};

}  // namespace keytide::aws
