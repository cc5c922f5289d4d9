#include "iam_policy/lint.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "iam_policy/overlap.hpp"

namespace keytide::iam_policy {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

const KnownActions known = KnownActions::of_aws();

std::vector<std::string> messages(std::string_view statements) {
    const auto policy =
        Policy::parse(R"({"Version":"2012-10-17","Statement":)" + std::string(statements) + "}");
    EXPECT_TRUE(policy) << statements << ": " << (policy ? "" : policy.error().message);
    std::vector<std::string> result;
    if (policy)
        for (const auto& finding : lint(*policy, known)) result.push_back(finding.message);
    return result;
}

std::string allow(std::string_view action, std::string_view resource) {
    return R"({"Effect":"Allow","Action":)" + std::string(action) + R"(,"Resource":)" +
           std::string(resource) + "}";
}

TEST(Lint, NamesTheActionThatWasMeant) {
    EXPECT_THAT(messages(allow(R"(["s3:ListBuckets","s3:ListAllMyBuckets"])", R"("*")")),
                ElementsAre("s3:ListBuckets does not exist: s3:ListAllMyBuckets"));
    EXPECT_EQ(known.suggestion_for("S3:HeadBucket"), "s3:ListBucket");
    EXPECT_EQ(known.suggestion_for("iam:CreateAcessKey"), "iam:CreateAccessKey");
    EXPECT_EQ(known.suggestion_for("iam:ListAccessKey"), "iam:ListAccessKeys");
    EXPECT_EQ(known.suggestion_for("iam:Xyzzy"), "");
    EXPECT_EQ(known.suggestion_for("xyzzy:GetUser"), "");
}

TEST(Lint, KnowsActionsInAnyCaseAndWithWildcards) {
    EXPECT_THAT(
        messages(allow(R"(["IAM:createaccesskey","iam:Get*","s3:*","s3:Get?bject","*","ec2:RunInstances"])",
                       R"("*")")),
        IsEmpty());
    EXPECT_THAT(messages(allow(R"(["s3:*","s3:Fetch*"])", R"("*")")),
                ElementsAre("no action is called s3:Fetch*"));
}

TEST(Lint, SaysNothingOfServicesThatItDoesNotKnow) {
    EXPECT_THAT(messages(allow(R"("quantumledger:Whatever")", R"("arn:aws:quantumledger:::thing")")),
                IsEmpty());
    EXPECT_THAT(
        messages(allow(R"(["quantumledger:Whatever","iam:GetUser"])", R"("arn:aws:quantumledger:::thing")")),
        ElementsAre("iam:GetUser never meets the statement's resources: it is about arn:*:iam::*:user/*"));
}

TEST(Lint, FindsActionsAndResourcesThatNeverMeet) {
    EXPECT_THAT(
        messages(allow(R"(["s3:ListAllMyBuckets","s3:ListBucket"])", R"("arn:aws:s3:::photos")")),
        ElementsAre(
            "s3:ListAllMyBuckets is about no resource in particular: it is allowed or denied on * alone"));
    EXPECT_THAT(
        messages(allow(R"(["iam:CreateAccessKey","s3:GetObject"])",
                       R"(["arn:aws:s3:::photos/*","arn:aws:s3:::photos"])")),
        ElementsAre(
            "iam:CreateAccessKey never meets the statement's resources: it is about arn:*:iam::*:user/*",
            "no action of the statement is about arn:aws:s3:::photos"));
    EXPECT_THAT(messages(allow(R"(["s3:ListBucket","s3:GetObject"])",
                               R"(["arn:aws:s3:::photos","arn:aws:s3:::photos/*"])")),
                IsEmpty());
    EXPECT_THAT(messages(allow(R"("s3:*")", R"("arn:aws:s3:::photos")")), IsEmpty());
}

// AWS's own examples allow s3:ListAllMyBuckets on arn:aws:s3:::*, and what is denied counts as much.
TEST(Lint, TakesWhatAwsTakes) {
    EXPECT_THAT(messages(allow(R"(["s3:ListAllMyBuckets","s3:GetBucketLocation"])", R"("arn:aws:s3:::*")")),
                IsEmpty());
    EXPECT_THAT(messages(allow(R"(["iam:CreateAccessKey"])", R"("arn:aws:iam::*:user/${aws:username}")")),
                IsEmpty());
    EXPECT_THAT(
        messages(R"([{"Effect":"Allow","Action":"*","Resource":"*"},
                             {"Effect":"Deny","Action":"iam:CreateAccessKey","Resource":"arn:aws:s3:::b"}])"),
        ElementsAre(
            "iam:CreateAccessKey never meets the statement's resources: it is about arn:*:iam::*:user/*"));
    EXPECT_THAT(messages(R"({"Effect":"Allow","NotAction":"iam:*","NotResource":"arn:aws:s3:::b"})"),
                IsEmpty());
}

TEST(Lint, SaysWhenNothingIsGranted) {
    EXPECT_THAT(messages(R"({"Effect":"Deny","Action":"iam:*","Resource":"*"})"),
                ElementsAre("the policy grants nothing"));
    EXPECT_THAT(
        messages(allow(R"("s3:ListBuckets")", R"("*")")),
        ElementsAre("s3:ListBuckets does not exist: s3:ListAllMyBuckets", "the policy grants nothing"));
    EXPECT_THAT(
        messages(allow(R"("iam:CreateAccessKey")", R"("arn:aws:s3:::photos")")),
        ElementsAre(
            "iam:CreateAccessKey never meets the statement's resources: it is about arn:*:iam::*:user/*",
            "the policy grants nothing"));
    EXPECT_THAT(messages(R"([{"Effect":"Allow","Action":"s3:*","Resource":"*"},
                             {"Effect":"Deny","Action":"*","Resource":"*"}])"),
                ElementsAre("the policy grants nothing"));
    EXPECT_THAT(messages(R"([{"Effect":"Allow","Action":"s3:*","Resource":"*"},
        {"Effect":"Deny","Action":"*","Resource":"*","Condition":{"Bool":{"aws:MultiFactorAuthPresent":"false"}}}])"),
                IsEmpty());
}

// What it says of the services must not be empty by accident.
TEST(Lint, KnowsTheServicesThatKeysOpen) {
    for (const char* service : {"iam", "sts", "s3", "cloudformation", "secretsmanager", "ssm", "kms", "ec2"})
        EXPECT_GT(known.of_service(service).size(), 10U) << service;
    for (const auto* action : known.of_service("iam"))
        for (const auto form : action->forms) EXPECT_TRUE(form.starts_with("arn:*:iam:")) << action->name;
}

TEST(Overlap, IsFoundBetweenPatterns) {
    EXPECT_TRUE(may_meet("arn:aws:iam::*:user/b*", "arn:*:iam::*:user/*"));
    EXPECT_TRUE(may_meet("arn:aws:iam::1:*", "arn:*:iam::*:user/*"));
    EXPECT_TRUE(may_meet("arn:aws:iam::1:u?er/x", "arn:*:iam::*:user/*"));
    EXPECT_TRUE(may_meet("arn:aws:s3:::${aws:username}", "arn:*:s3:::@/*"));
    EXPECT_TRUE(may_meet("arn:aws:s3:::bucket*", "arn:*:s3:::@"));
    EXPECT_TRUE(may_meet("arn:aws:s3:::bucket*", "arn:*:s3:::@/*"));
    EXPECT_FALSE(may_meet("arn:aws:s3:::bucket/*", "arn:*:s3:::@"));
    EXPECT_FALSE(may_meet("arn:aws:s3:::bucket", "arn:*:s3:::@/*"));
    EXPECT_FALSE(may_meet("arn:aws:iam::1:role/*", "arn:*:iam::*:user/*"));
    EXPECT_FALSE(may_meet("arn:aws:iam::1:user", "arn:*:iam::*:user/*"));
    EXPECT_FALSE(may_meet("arn:aws:sts::1:user/*", "arn:*:iam::*:user/*"));
}

}  // namespace
}  // namespace keytide::iam_policy
