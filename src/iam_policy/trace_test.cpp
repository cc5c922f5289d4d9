#include "iam_policy/trace.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "iam_policy/explanation.hpp"

namespace keytide::iam_policy {
namespace {

using ::testing::ElementsAre;

// The transcripts of https://docs.aws.amazon.com/cli/latest/reference/iam/simulate-custom-policy.html
TEST(SourceRange, IsWhereAwsSeesAStatement) {
    EXPECT_THAT(
        statement_ranges(
            R"({"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"dynamodb:*","Resource":"*",)"
            R"("Condition":{"DateGreaterThan":{"aws:CurrentTime":"2018-08-16T12:00:00Z"}}}})"),
        ElementsAre(SourceRange{{1, 38}, {1, 167}}));
}

TEST(SourceRange, IsFoundWhateverStandsAround) {
    const char* text =
        "{ \"Id\": \"{[\\\"\",\n  \"Statement\": [\n    {\"Sid\": \"é}\"}, {\n  \"Action\": [\"{\"] }\n  ],\n"
        "  \"Version\": \"Statement\" }";
    EXPECT_THAT(statement_ranges(text),
                ElementsAre(SourceRange{{3, 6}, {3, 18}}, SourceRange{{3, 21}, {4, 20}}));
    EXPECT_THAT(statement_ranges(""), ElementsAre());
}

Policy parsed(std::string_view text) {
    auto policy = Policy::parse(text);
    EXPECT_TRUE(policy) << text;
    return policy ? *policy : Policy{};
}

TEST(Trace, NamesTheStatementsThatSettleIt) {
    const auto allows = parsed(R"({"Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"},
                                                {"Effect":"Allow","Action":"*","Resource":"*"},
                                                {"Effect":"Allow","Action":"iam:*","Resource":"*"}]})");
    const auto denies = parsed(R"({"Statement":{"Effect":"Deny","Action":"s3:Put*","Resource":"*"}})");
    const std::vector<NamedPolicy> both{{"allows", &allows}, {"denies", &denies}};
    const MapContext context;
    const auto got =
        trace({.identity = both}, {.action = "s3:GetObject", .resource = "*", .context = context});
    ASSERT_EQ(got.matched.size(), 2U);
    EXPECT_EQ(got.matched[0].index, 0U);
    EXPECT_EQ(got.matched[1].index, 1U);
    const auto put =
        trace({.identity = both}, {.action = "s3:PutObject", .resource = "*", .context = context});
    ASSERT_EQ(put.matched.size(), 1U) << "the denial alone counts";
    EXPECT_EQ(put.matched[0].policy, "denies");
    EXPECT_EQ(put.matched[0].statement->source.start, (Position{1, 15}));
}

TEST(Trace, NamesTheKeysThatTheRequestLacks) {
    const auto policy = parsed(R"({"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:*",
        "Resource":"arn:aws:s3:::${aws:username}/${aws:PrincipalTag/Team, 'x'}",
        "Condition":{"Bool":{"aws:MultiFactorAuthPresent":"true"},"StringLike":{"s3:prefix":"${aws:userid}"}}}})");
    EXPECT_THAT(policy.context_keys(), ElementsAre("aws:multifactorauthpresent", "aws:principaltag/team",
                                                   "aws:userid", "aws:username", "s3:prefix"));
    const NamedPolicy named{"p", &policy};
    const MapContext context{{"aws:username", "bob"}, {"s3:prefix", ""}};
    const auto got = trace({.identity = {&named, 1}, .boundary = &named},
                           {.action = "s3:GetObject", .resource = "*", .context = context});
    EXPECT_THAT(got.missing_keys,
                ElementsAre("aws:multifactorauthpresent", "aws:principaltag/team", "aws:userid"));
    EXPECT_FALSE(got.allowed_by_boundary);
    EXPECT_EQ(got.decision.verdict, Verdict::implicit_deny);
}

TEST(Words, TellAStatement) {
    const auto words = [](std::string_view statement) {
        return in_words(
            parsed(R"({"Version":"2012-10-17","Statement":)" + std::string(statement) + "}").statements()[0]);
    };
    EXPECT_EQ(words(R"({"Effect":"Allow","Action":["s3:ListBuckets","s3:ListAllMyBuckets"],"Resource":"*"})"),
              "Allows s3:ListBuckets and s3:ListAllMyBuckets on everything");
    EXPECT_EQ(
        words(R"({"Effect":"Deny","NotAction":["iam:*","sts:*"],"NotResource":"arn:aws:s3:::a","Condition":{
                        "BoolIfExists":{"aws:MultiFactorAuthPresent":false},
                        "NotIpAddress":{"aws:SourceIp":["192.0.2.0/24","203.0.113.0/24"]},
                        "Null":{"aws:TokenIssueTime":"true"},
                        "ForAnyValue:StringLike":{"aws:TagKeys":"a*"}}})"),
        "Denies everything but iam:* and sts:* on everything but arn:aws:s3:::a, if "
        "aws:multifactorauthpresent is "
        "false, or there is none and aws:sourceip is not in 192.0.2.0/24 or 203.0.113.0/24 and the request "
        "has no "
        "aws:tokenissuetime and some value of aws:tagkeys is like a*");
}

TEST(Words, TellWhomAStatementIsAbout) {
    const auto policy = Policy::parse(R"({"Statement":{"Effect":"Allow","Action":"sts:AssumeRole",
        "Principal":{"AWS":["111122223333","*"],"Service":"ec2.amazonaws.com"}}})",
                                      Kind::trust);
    ASSERT_TRUE(policy) << policy.error().message;
    EXPECT_EQ(in_words(policy->statements()[0]),
              "Allows 111122223333, everybody and ec2.amazonaws.com sts:AssumeRole");
}

}  // namespace
}  // namespace keytide::iam_policy
