#include "http/proxy.hpp"

#include <gtest/gtest.h>

namespace keytide::http {
namespace {

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
}  // namespace keytide::http
