// Where a service answers, and the region that its signature names.
//
// IAM is one endpoint a partition, whatever the region; the others answer in each region. The values are
// those of botocore's endpoints.json. https://docs.aws.amazon.com/general/latest/gr/iam-service.html
#pragma once

#include <string>
#include <string_view>

#include "vocabulary/error.hpp"

namespace keytide::aws {

enum class Service { iam, sts, s3, secretsmanager, ssm, cloudtrail, securityhub, sns };
std::string_view signing_name(Service service);

struct Endpoint {
    Service service;
    std::string url;   // scheme, authority and path; ready to be called
    std::string host;  // the Host header
    std::string path;  // as signed
    std::string signing_region;
};

// aws, aws-cn or aws-us-gov. A region of another partition, or what is no region at all, is an error.
Result<std::string> partition_of(std::string_view region);

// AWS's own endpoint. Without a region the partition's first one is taken (us-east-1, cn-north-1,
// us-gov-west-1).
Result<Endpoint> aws_endpoint(Service service, std::string_view region, std::string_view partition = "aws");

// An endpoint of one's own, signed with the configured region as the SDKs do (us-east-1 without one).
// Refused: plain http beyond loopback, credentials in the URL, a query, any scheme but http and https.
Result<Endpoint> own_endpoint(Service service, std::string_view url, std::string_view region);

// own_endpoint() when there is a URL, otherwise aws_endpoint().
Result<Endpoint> endpoint_for(Service service, std::string_view url, std::string_view region,
                              std::string_view partition = "aws");

}  // namespace keytide::aws
