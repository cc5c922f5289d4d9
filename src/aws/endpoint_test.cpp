#include "aws/endpoint.hpp"

#include <gtest/gtest.h>

#include "aws/proxy.hpp"
#include "aws/url.hpp"

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
        EXPECT_EQ(is_loopback(bad), false) << bad;
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

std::string proxy(std::string_view url, std::map<std::string, std::string, std::less<>> variables) {
    const auto environment = credentials::fixed_environment(std::move(variables));
    return proxy_for(url, environment).value_or("direct");
}

// Each line was asked of Python's urllib as well.
TEST(Proxy, IsChosenAsTheAwsCliChoosesIt) {
    constexpr auto iam = "https://iam.amazonaws.com/";
    EXPECT_EQ(proxy(iam, {}), "direct");
    EXPECT_EQ(proxy(iam, {{"HTTPS_PROXY", "http://p:1"}}), "http://p:1");
    EXPECT_EQ(proxy(iam, {{"HTTPS_PROXY", "http://p:1"}, {"https_proxy", "q:2"}}), "http://q:2");
    EXPECT_EQ(proxy(iam, {{"HTTPS_PROXY", "http://p:1"}, {"https_proxy", ""}}), "direct");
    EXPECT_EQ(proxy(iam, {{"HTTP_PROXY", "http://p:1"}, {"ALL_PROXY", "http://p:1"}}), "direct");
    EXPECT_EQ(proxy(iam, {{"HTTPS_PROXY", "p"}, {"NO_PROXY", "example.com, .amazonaws.com"}}), "direct");
    EXPECT_EQ(proxy(iam, {{"HTTPS_PROXY", "p"}, {"no_proxy", "*"}}), "direct");
    EXPECT_EQ(proxy(iam, {{"HTTPS_PROXY", "p"}, {"no_proxy", "zonaws.com,54.0.0.0/8"}}), "http://p");
    EXPECT_TRUE(through_proxy(iam, credentials::fixed_environment({{"https_proxy", "p"}})));
}

TEST(Proxy, NeverSeesALoopbackCall) {
    EXPECT_EQ(proxy("http://127.0.0.1:4599/", {{"HTTP_PROXY", "http://p:1"}}), "direct");
    EXPECT_EQ(proxy("https://localhost/", {{"HTTPS_PROXY", "http://p:1"}}), "direct");
}

}  // namespace
}  // namespace keytide::aws
