#include "aws/query_protocol.hpp"

#include <gtest/gtest.h>

#include <pugixml.hpp>

namespace keytide::aws {
namespace {

using ports::Indeterminate;
using ports::Refused;

http::HttpReply reply(int status, const char* body) {
    return {status, WipedString(body), std::nullopt};
}

std::optional<Refused> refusal(int status, const char* body) {
    auto answer = reply(status, body);
    const auto outcome = read_reply(answer, "OpResponse");
    if (outcome || !std::holds_alternative<Refused>(outcome.error())) return std::nullopt;
    return std::get<Refused>(outcome.error());
}

std::string doubt(int status, const char* body) {
    auto answer = reply(status, body);
    const auto outcome = read_reply(answer, "OpResponse");
    if (outcome) return "(success)";
    const auto* indeterminate = std::get_if<Indeterminate>(&outcome.error());
    return indeterminate == nullptr ? "(refused)" : indeterminate->reason;
}

TEST(FormBody, EncodesEveryReservedCharacter) {
    EXPECT_EQ(
        form_body("ListAccessKeys", "2010-05-08", {{"UserName", "a+b=c,d.e@f-g_h"}, {"Marker", "x y&z/é"}}),
        "Action=ListAccessKeys&Version=2010-05-08&UserName=a%2Bb%3Dc%2Cd.e%40f-g_h&Marker=x%20y%26z%2F%C3%"
        "A9");
}

TEST(ReadReply, GivesTheDocumentOfASuccess) {
    auto answer =
        reply(200, "<?xml version=\"1.0\"?><OpResponse xmlns=\"https://x/\"><A> b </A></OpResponse>");
    const auto document = read_reply(answer, "OpResponse");
    ASSERT_TRUE(document);
    EXPECT_STREQ(document->root().child("A").text().get(), "b");
}

TEST(ReadReply, ReadsTheThreeEnvelopesOfAnError) {
    const auto iam =
        refusal(404,
                "<ErrorResponse xmlns=\"https://iam.amazonaws.com/doc/2010-05-08/\"><Error><Type>Sender"
                "</Type><Code>NoSuchEntity</Code><Message>The user with name b&amp;c cannot be found."
                "</Message></Error><RequestId>1</RequestId></ErrorResponse>");
    ASSERT_TRUE(iam);
    EXPECT_EQ(iam->code, "NoSuchEntity");
    EXPECT_EQ(iam->message, "The user with name b&c cannot be found.");
    EXPECT_EQ(iam->status, 404);

    const auto old =
        refusal(401, "<Response><Errors><Error><Code>AuthFailure</Code></Error></Errors></Response>");
    ASSERT_TRUE(old);
    EXPECT_EQ(old->code, "AuthFailure");

    const auto imitated = refusal(
        403, "<ErrorResponse><Errors><Error><Code>AccessDenied</Code></Error></Errors></ErrorResponse>");
    ASSERT_TRUE(imitated) << "as moto writes it, and botocore reads it";
    EXPECT_EQ(imitated->code, "AccessDenied");

    const auto s3 = refusal(403, "<Error><Code>InvalidAccessKeyId</Code><Message>m</Message></Error>");
    ASSERT_TRUE(s3);
    EXPECT_EQ(s3->code, "InvalidAccessKeyId");
}

TEST(ReadReply, AMessageIsOneLineAndCannotSteerATerminal) {
    const auto forged = refusal(403,
                                "<Error><Code>AccessDenied</Code><Message>x\x1b[2J\nkeytide: keys: \xff"
                                "</Message></Error>");
    ASSERT_TRUE(forged);
    EXPECT_EQ(forged->message, "x\\x1b[2J\\x0akeytide: keys: \xEF\xBF\xBD");
}

TEST(ReadReply, ThrottlingIsARefusalWithItsCode) {
    EXPECT_EQ(refusal(400, "<ErrorResponse><Error><Code>Throttling</Code></Error></ErrorResponse>")->code,
              "Throttling");
    EXPECT_EQ(refusal(503, "<Error><Code>SlowDown</Code></Error>")->code, "SlowDown");
}

TEST(ReadReply, AServersTroubleLeavesOpenWhatHappened) {
    EXPECT_EQ(doubt(500, "<ErrorResponse><Error><Code>InternalFailure</Code></Error></ErrorResponse>"),
              "HTTP status 500 InternalFailure");
    EXPECT_EQ(doubt(503, "<Error><Code>ServiceUnavailable</Code></Error>"),
              "HTTP status 503 ServiceUnavailable");
    EXPECT_EQ(doubt(502, "<html><body>Bad Gateway</body></html>"), "HTTP status 502");
    EXPECT_EQ(doubt(307, "<Error><Code>TemporaryRedirect</Code></Error>"),
              "HTTP status 307 TemporaryRedirect");
}

TEST(ReadReply, WhatAwsDidNotWriteIsNeitherARefusalNorASuccess) {
    EXPECT_EQ(doubt(403, "<html><body>Blocked</body></html>"),
              "HTTP status 403 without an error code of AWS");
    EXPECT_EQ(doubt(403, ""), "HTTP status 403 without an error code of AWS");
    EXPECT_EQ(doubt(403, "<ErrorResponse><Error><Code></Code></Error></ErrorResponse>"),
              "HTTP status 403 without an error code of AWS");
    EXPECT_EQ(doubt(403, "<Error><Code>no such word</Code></Error>"),
              "HTTP status 403 without an error code of AWS");
    EXPECT_EQ(doubt(200, "<html><body>Please sign in</body></html>"), "the answer holds no OpResponse");
    EXPECT_EQ(doubt(200, "<OtherResponse/>"), "the answer holds no OpResponse");
    EXPECT_EQ(doubt(200, "<OpResponse><A>cut o"), "the answer is not the XML that AWS sends");
    EXPECT_EQ(doubt(200, "{\"json\": true}"), "the answer is not the XML that AWS sends");
    EXPECT_EQ(doubt(200, ""), "the answer is not the XML that AWS sends");
}

TEST(ReadReply, ReadsNoEntityOfTheDocumentsOwn) {
    auto answer = reply(
        200, "<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><OpResponse><A>&x;</A></OpResponse>");
    const auto document = read_reply(answer, "OpResponse");
    ASSERT_TRUE(document);
    EXPECT_STREQ(document->root().child("A").text().get(), "&x;");
}

}  // namespace
}  // namespace keytide::aws
