#include "aws/endpoint.hpp"

#include <gtest/gtest.h>

#include "http/url.hpp"

namespace keytide::aws {
namespace {

std::string url_and_region(Service service, std::string_view region, std::string_view partition = "aws") {
    const auto endpoint = aws_endpoint(service, region, partition);
    return endpoint ? endpoint->url + " " + endpoint->signing_region : endpoint.error().message;
}

// botocore's endpoints.json says the same.
TEST(AwsEndpoint, IamIsOneAPartitionAndOthersAreRegional) {
    EXPECT_EQ(url_and_region(Service::iam, "eu-central-1"), "https://iam.amazonaws.com/ us-east-1");
    EXPECT_EQ(url_and_region(Service::iam, "cn-northwest-1"),
              "https://iam.cn-north-1.amazonaws.com.cn/ cn-north-1");
    EXPECT_EQ(url_and_region(Service::iam, "us-gov-east-1"),
              "https://iam.us-gov.amazonaws.com/ us-gov-west-1");
    EXPECT_EQ(url_and_region(Service::sts, "eu-central-1"),
              "https://sts.eu-central-1.amazonaws.com/ eu-central-1");
    EXPECT_EQ(url_and_region(Service::sts, "cn-north-1"),
              "https://sts.cn-north-1.amazonaws.com.cn/ cn-north-1");
    EXPECT_EQ(url_and_region(Service::s3, "us-gov-east-1"),
              "https://s3.us-gov-east-1.amazonaws.com/ us-gov-east-1");
    EXPECT_EQ(url_and_region(Service::sts, ""), "https://sts.us-east-1.amazonaws.com/ us-east-1");
    EXPECT_EQ(url_and_region(Service::s3, "", "aws-cn"),
              "https://s3.cn-north-1.amazonaws.com.cn/ cn-north-1");
}

TEST(AwsEndpoint, RefusesWhatIsNoRegionThatItKnows) {
    for (const auto* bad :
         {"us-east-1.evil.example/", "us-east-1#", "US-EAST-1", "-", "us-iso-east-1", "eusc-de-east-1"}) {
        const auto endpoint = aws_endpoint(Service::sts, bad);
        ASSERT_FALSE(endpoint) << bad;
        EXPECT_EQ(endpoint.error().kind, ErrorKind::usage);
        EXPECT_NE(endpoint.error().hint, "");
    }
    EXPECT_FALSE(aws_endpoint(Service::iam, "", "aws-iso"));
}

TEST(OwnEndpoint, IsSignedWithTheConfiguredRegion) {
    const auto endpoint = endpoint_for(Service::iam, "https://EXAMPLE.com:443/base", "eu-central-1");
    ASSERT_TRUE(endpoint);
    EXPECT_EQ(endpoint->url, "https://example.com/base");
    EXPECT_EQ(endpoint->host, "example.com") << "the default port is not part of Host";
    EXPECT_EQ(endpoint->path, "/base");
    EXPECT_EQ(endpoint->signing_region, "eu-central-1");

    const auto lab = endpoint_for(Service::sts, "http://127.0.0.1:4599", "");
    ASSERT_TRUE(lab);
    EXPECT_EQ(lab->url, "http://127.0.0.1:4599/");
    EXPECT_EQ(lab->host, "127.0.0.1:4599");
    EXPECT_EQ(lab->signing_region, "us-east-1");
}

TEST(OwnEndpoint, PlainHttpStaysOnThisMachine) {
    for (const auto* good : {"http://127.0.0.1:1", "http://127.9.9.9/", "http://localhost:4566",
                             "http://[::1]:80/", "http://LOCALHOST/", "https://10.0.0.1/"})
        EXPECT_TRUE(own_endpoint(Service::iam, good, "")) << good;
    for (const auto* bad :
         {"http://10.0.0.1", "http://iam.amazonaws.com", "http://localhost.example.com", "http://128.0.0.1",
          "http://127.0.0.1.example.com", "http://[::2]", "http://[::ffff:127.0.0.1]", "http://0.0.0.0"}) {
        const auto endpoint = own_endpoint(Service::iam, bad, "");
        ASSERT_FALSE(endpoint) << bad;
        EXPECT_EQ(endpoint.error().kind, ErrorKind::usage);
        EXPECT_EQ(http::is_loopback(bad), false) << bad;
    }
}

TEST(OwnEndpoint, RefusesOddUrlsWithoutRepeatingAPassword) {
    for (const auto* bad :
         {"ftp://127.0.0.1/", "file:///etc/passwd", "127.0.0.1:4599", "", "https://", "https://a b/",
          "https://example.com/?x=1", "https://example.com/#x", "https://:x@/"})
        EXPECT_FALSE(own_endpoint(Service::iam, bad, "")) << bad;
    for (const auto* bad :
         {"https://user:hunter2@example.com", "http://127.0.0.1@example.com", "https://@example.com"}) {
        const auto endpoint = own_endpoint(Service::iam, bad, "");
        ASSERT_FALSE(endpoint) << bad;
        EXPECT_EQ(endpoint.error().message.find("hunter2"), std::string::npos);
    }
}

}  // namespace
}  // namespace keytide::aws
