// Reads a user's policies from IAM: inline and managed ones, those of its groups, the permissions boundary.
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListUserPolicies.html and its neighbours
#pragma once

#include <string>

#include "aws/endpoint.hpp"
#include "http/http.hpp"
#include "ports/clock.hpp"
#include "ports/policies_of_users.hpp"

namespace keytide::aws {

class PolicyReader final : public ports::PoliciesOfUsers {
public:
    PolicyReader(http::Http& http, Endpoint iam, ports::Clock& clock, std::string user_agent);

    ports::Answer<ports::PoliciesOfUser> read(const AccessKey& signer, std::string_view user_name) override;
    ports::Answer<std::vector<ports::Simulated>> simulate(const AccessKey& signer, std::string_view user_arn,
                                                          const std::vector<std::string>& actions,
                                                          std::string_view resource) override;

private:
    http::Http& http_;
    Endpoint iam_;
    ports::Clock& clock_;
    std::string user_agent_;
};

}  // namespace keytide::aws
