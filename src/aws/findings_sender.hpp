// Security Hub's door for findings, by AWS's REST-JSON protocol.
// https://docs.aws.amazon.com/securityhub/1.0/APIReference/API_BatchImportFindings.html
#pragma once

#include <string>

#include "aws/endpoint.hpp"
#include "http/http.hpp"
#include "ports/clock.hpp"
#include "ports/findings_sink.hpp"

namespace keytide::aws {

class FindingsSender : public ports::FindingsSink {
public:
    FindingsSender(http::Http& http, Endpoint security_hub, ports::Clock& clock, std::string user_agent);

    ports::Answer<ports::ImportedFindings> import(const AccessKey& signer,
                                                  const std::vector<std::string>& asff) override;

private:
    http::Http& http_;
    Endpoint security_hub_;  // with the operation's path
    ports::Clock& clock_;
    std::string user_agent_;
};

}  // namespace keytide::aws
