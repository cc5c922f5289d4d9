// What CloudTrail answers, and what is no answer of it.
#include "aws/event_reader.hpp"

#include <gtest/gtest.h>

namespace keytide::aws {
namespace {

struct OneAnswer final : http::Http {
    http::HttpReply reply;
    http::HttpRequest asked;
    std::expected<http::HttpReply, http::HttpFailure> send(const http::HttpRequest& request) override {
        asked = request;
        return reply;
    }
};

struct Noon final : ports::Clock {
    Instant now() override { return *parse_rfc3339("2026-11-26T12:00:00Z"); }
    bool sleep(Duration) override { return true; }
    bool interrupted() override { return false; }
};

struct EventReaders : testing::Test {
    OneAnswer http;
    Noon clock;
    EventReader reader{http, aws_endpoint(Service::cloudtrail, "eu-central-1").value(), clock, "test"};
    AccessKey signer{*AccessKeyId::parse("AKIAIOSFODNN7EXAMPLE"), Secret("x"), Secret()};

    ports::Answer<ports::HistoryPage> answer(int status, std::string_view body, std::string_view next = {}) {
        http.reply = {status, WipedString(body), std::nullopt};
        return reader.uses_of(signer, signer.id, next);
    }
};

// As AWS's guide shows a record, shortened.
constexpr auto one_event =
    R"({"Events":[{"EventId":"1","EventName":"GetUser","ReadOnly":"true","AccessKeyId":"AKIAIOSFODNN7EXAMPLE",)"
    R"("EventTime":1795694400.5,"EventSource":"iam.amazonaws.com","Username":"bob","Resources":[],)"
    R"("CloudTrailEvent":"{\"userIdentity\":{\"arn\":\"arn:aws:iam::123456789012:user/bob\"},)"
    R"(\"sourceIPAddress\":\"192.0.2.1\",\"userAgent\":\"aws-cli\",\"errorCode\":\"AccessDenied\"}"}],"NextToken":"t"})";

TEST_F(EventReaders, AskForTheKeySEventsInTheRegion) {
    answer(200, R"({"Events":[]})", "token");
    EXPECT_EQ(http.asked.url, "https://cloudtrail.eu-central-1.amazonaws.com/");
    const std::string body(http.asked.body.data(), http.asked.body.size());
    EXPECT_EQ(
        body,
        R"({"LookupAttributes":[{"AttributeKey":"AccessKeyId","AttributeValue":"AKIAIOSFODNN7EXAMPLE"}],)"
        R"("MaxResults":50,"NextToken":"token"})");
    bool is_signed = false, has_target = false;
    for (const auto& [name, value] : http.asked.headers) {
        is_signed =
            is_signed || (name == "Authorization" && value.find("/eu-central-1/cloudtrail/") != value.npos &&
                          value.find("x-amz-target") != value.npos);
        has_target =
            has_target || value == "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101.LookupEvents";
    }
    EXPECT_TRUE(is_signed);
    EXPECT_TRUE(has_target);
}

TEST_F(EventReaders, ReadAnEventAndItsRecord) {
    const auto page = answer(200, one_event);
    ASSERT_NE(page.done(), nullptr);
    ASSERT_EQ(page.done()->events.size(), 1u);
    const auto& event = page.done()->events.front();
    EXPECT_EQ(to_rfc3339(event.at), "2026-11-26T12:00:00.500Z");
    EXPECT_EQ(event.name, "GetUser");
    EXPECT_EQ(event.principal, "arn:aws:iam::123456789012:user/bob");
    EXPECT_EQ(event.address, "192.0.2.1");
    EXPECT_EQ(event.user_agent, "aws-cli");
    EXPECT_EQ(event.error, "AccessDenied");
    EXPECT_EQ(page.done()->next, "t");
}

TEST_F(EventReaders, TakeNothingElseForAnAnswer) {
    for (const auto* body : {"", "<html>", "[]", "{}", R"({"Events":[1]})", R"({"Events":[{}]})"})
        EXPECT_NE(answer(200, body).indeterminate(), nullptr) << body;
    EXPECT_NE(answer(302, one_event).indeterminate(), nullptr);
    EXPECT_NE(answer(500, R"({"__type":"InternalFailure"})").indeterminate(), nullptr);
    EXPECT_NE(answer(403, "Forbidden by the proxy").indeterminate(), nullptr);
    const auto refused =
        answer(400, R"({"__type":"com.amazonaws#ThrottlingException","message":"Rate exceeded"})");
    ASSERT_NE(refused.refused(), nullptr);
    EXPECT_EQ(refused.refused()->code, "ThrottlingException");
    EXPECT_EQ(refused.refused()->message, "Rate exceeded");
}

}  // namespace
}  // namespace keytide::aws
