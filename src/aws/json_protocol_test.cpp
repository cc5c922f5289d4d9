#include "aws/json_protocol.hpp"

#include <gtest/gtest.h>

namespace keytide::aws {
namespace {

NoSuccess no_success(int status, std::string_view body) {
    auto reply = read_json_reply({status, WipedString(body), std::nullopt});
    EXPECT_FALSE(reply);
    return reply ? NoSuccess{} : reply.error();
}

TEST(JsonProtocol, OnlyWhatAwsWroteIsARefusal) {
    const auto refused = std::get<ports::Refused>(
        no_success(400, R"({"__type":"com.amazonaws.ssm#ParameterNotFound:http://x","message":"m"})"));
    EXPECT_EQ(refused.code, "ParameterNotFound");
    EXPECT_EQ(refused.message, "m");
    EXPECT_EQ(std::get<ports::Refused>(no_success(400, R"({"__type":"A","Message":"M"})")).message, "M");
    for (const auto* body : {"<html>", "{}", R"({"__type":"two words"})", ""})
        EXPECT_TRUE(std::holds_alternative<ports::Indeterminate>(no_success(403, body))) << body;
    EXPECT_TRUE(
        std::holds_alternative<ports::Indeterminate>(no_success(500, R"({"__type":"InternalServerError"})")));
    EXPECT_TRUE(std::holds_alternative<ports::Indeterminate>(no_success(200, "<html>")));
    EXPECT_TRUE(std::holds_alternative<ports::Indeterminate>(no_success(302, "{}")));
}

TEST(JsonProtocol, AnAnswerIsReadByPointers) {
    const auto reply = read_json_reply(
        {200, WipedString(R"({"a":{"b/c":["x",{"n":7}]},"t":true,"none":null})"), std::nullopt});
    ASSERT_TRUE(reply);
    EXPECT_EQ(reply->text("/a/b~1c/0"), "x");
    EXPECT_EQ(reply->number("/a/b~1c/1/n"), 7);
    EXPECT_TRUE(reply->is_true("/t"));
    EXPECT_FALSE(reply->has("/none"));
    EXPECT_TRUE(reply->lists("/a/b~1c", "x"));
    EXPECT_EQ(reply->size("/a/b~1c"), 2U);
    EXPECT_EQ(reply->names("").size(), 3U);
    EXPECT_TRUE(read_json_reply({200, {}, std::nullopt})) << "an action without a result";
}

TEST(JsonProtocol, TextsAreWrittenSoThatTheyReadTheSame) {
    const std::string text =
        "quote \" backslash \\ line\n tab\t nul" + std::string(1, '\0') + " umlaut \xc3\xa4";
    const auto document = JsonDocument::parse("{\"x\":" + std::string(json_text(text)) + "}");
    ASSERT_TRUE(document);
    EXPECT_EQ(document->text("/x"), text);
}

TEST(JsonProtocol, TokensAreTheSameForTheSamePartsAndForNoOthers) {
    EXPECT_EQ(request_token({"a", "b"}), request_token({"a", "b"}));
    EXPECT_NE(request_token({"a", "b"}), request_token({"ab", ""}));
    EXPECT_EQ(request_token({}).size(), 36U);
}

}  // namespace
}  // namespace keytide::aws
