// Anchors as an object in S3, and as a message of an SNS topic.
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html
// https://docs.aws.amazon.com/sns/latest/api/API_Publish.html
#pragma once

#include <string>

#include "aws/endpoint.hpp"
#include "http/http.hpp"
#include "ports/anchor_place.hpp"
#include "ports/clock.hpp"

namespace keytide::aws {

// The object is written over; a bucket with versions keeps what it was. A key that ends with a slash, or is
// empty, is completed by the ledger's id.
class AnchorObject : public ports::AnchorPlace {
public:
    AnchorObject(http::Http& http, Endpoint s3, std::string bucket, std::string key, ports::Clock& clock,
                 std::string user_agent);

    ports::Answer<ports::Done> remember(const AccessKey& signer, std::string_view ledger_id,
                                        std::string_view anchor) override;

private:
    http::Http& http_;
    Endpoint s3_;
    std::string bucket_, key_;
    ports::Clock& clock_;
    std::string user_agent_;
};

class AnchorTopic : public ports::AnchorPlace {
public:
    AnchorTopic(http::Http& http, Endpoint sns, std::string topic_arn, ports::Clock& clock,
                std::string user_agent);

    ports::Answer<ports::Done> remember(const AccessKey& signer, std::string_view ledger_id,
                                        std::string_view anchor) override;

private:
    http::Http& http_;
    Endpoint sns_;
    std::string topic_arn_;
    ports::Clock& clock_;
    std::string user_agent_;
};

}  // namespace keytide::aws
