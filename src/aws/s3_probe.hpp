// The probe "s3:list-buckets": S3 keeps its own copy of who may sign, and hears of a new key at another
// moment than IAM does. https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListBuckets.html
#pragma once

#include <string>

#include "aws/endpoint.hpp"
#include "http/http.hpp"
#include "ports/clock.hpp"
#include "ports/probe.hpp"

namespace keytide::aws {

class S3ListBucketsProbe final : public ports::Probe {
public:
    S3ListBucketsProbe(http::Http& http, Endpoint s3, ports::Clock& clock, std::string user_agent);
    std::string name() const override { return "s3:list-buckets"; }
    ports::Answer<ports::ProbeAccepted> attempt(const AccessKey& key) override;

private:
    http::Http& http_;
    Endpoint s3_;
    ports::Clock& clock_;
    std::string user_agent_;
};

}  // namespace keytide::aws
