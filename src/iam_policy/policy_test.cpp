#include "iam_policy/policy.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace keytide::iam_policy {
namespace {

using ::testing::HasSubstr;

constexpr const char* bob = "arn:aws:iam::123456789012:user/bob";

Policy policy(std::string_view json) {
    auto parsed = Policy::parse(json);
    EXPECT_TRUE(parsed) << json << ": " << (parsed ? "" : parsed.error().message);
    return parsed ? std::move(*parsed) : Policy{};
}

std::string refusal(std::string_view json) {
    const auto parsed = Policy::parse(json);
    return parsed ? "accepted" : parsed.error().message;
}

// One statement in a policy of the given version.
std::string document(std::string_view statement, std::string_view version = "2012-10-17") {
    return R"({"Version":")" + std::string(version) + R"(","Statement":)" + std::string(statement) + "}";
}

Verdict verdict(const Policy& policy, std::string_view action, std::string_view resource,
                std::string_view user_name = {}) {
    MapContext context;
    if (!user_name.empty()) context.set("aws:username", {std::string(user_name)});
    return policy.evaluate({.action = action, .resource = resource, .context = context}).verdict;
}

TEST(Policy, AllowsWhatAStatementAllowsAndNothingElse) {
    const auto p = policy(document(R"([
        {"Effect":"Allow","Action":["s3:ListBuckets","s3:ListAllMyBuckets"],"Resource":"*"},
        {"Effect":"Allow","Action":["iam:CreateAccessKey","iam:DeleteAccessKey"],
         "Resource":"arn:aws:iam::123456789012:user/bob"}])"));
    EXPECT_EQ(verdict(p, "s3:ListAllMyBuckets", "*"), Verdict::allowed);
    EXPECT_EQ(verdict(p, "iam:CreateAccessKey", bob), Verdict::allowed);
    EXPECT_EQ(verdict(p, "iam:ListAccessKeys", bob), Verdict::implicit_deny);
    EXPECT_EQ(verdict(p, "iam:CreateAccessKey", "arn:aws:iam::123456789012:user/bobby"),
              Verdict::implicit_deny);
    EXPECT_EQ(verdict(p, "iam:CreateAccessKey", "arn:aws:iam::123456789012:user/team/bob"),
              Verdict::implicit_deny);
    EXPECT_EQ(verdict(p, "iam:CreateAccessKey", "*"), Verdict::implicit_deny);
}

TEST(Policy, DenyWinsWhereverItStands) {
    for (
        const char* statements :
        {R"([{"Effect":"Deny","Action":"iam:*","Resource":"*"},{"Effect":"Allow","Action":"*","Resource":"*"}])",
         R"([{"Effect":"Allow","Action":"*","Resource":"*"},{"Effect":"Deny","Action":"iam:*","Resource":"*"}])"}) {
        const auto p = policy(document(statements));
        EXPECT_EQ(verdict(p, "iam:GetUser", bob), Verdict::explicit_deny);
        EXPECT_EQ(verdict(p, "s3:ListAllMyBuckets", "*"), Verdict::allowed);
    }
}

TEST(Policy, ActionsIgnoreCaseAndResourcesDoNot) {
    const auto p = policy(document(
        R"({"Effect":"Allow","Action":"IAM:create*key","Resource":"arn:aws:iam::123456789012:user/Bob"})"));
    EXPECT_EQ(verdict(p, "iam:CreateAccessKey", "arn:aws:iam::123456789012:user/Bob"), Verdict::allowed);
    EXPECT_EQ(verdict(p, "iam:CreateAccessKey", bob), Verdict::implicit_deny);
    EXPECT_EQ(verdict(p, "iam:CreateAccessKeys", "arn:aws:iam::123456789012:user/Bob"),
              Verdict::implicit_deny);
}

TEST(Policy, NotActionAndNotResourceInvert) {
    const auto p = policy(document(
        R"([{"Effect":"Allow","NotAction":"iam:*","Resource":"*"},
            {"Effect":"Deny","Action":"s3:*","NotResource":["arn:aws:s3:::mine","arn:aws:s3:::*"]}])"));
    EXPECT_EQ(verdict(p, "ec2:RunInstances", "*"), Verdict::allowed);
    EXPECT_EQ(verdict(p, "iam:GetUser", bob), Verdict::implicit_deny);
    EXPECT_EQ(verdict(p, "s3:CreateBucket", "arn:aws:s3:::mine"), Verdict::allowed);
    EXPECT_EQ(verdict(p, "s3:CreateBucket", bob), Verdict::explicit_deny);
}

TEST(Policy, WildcardsStayInsideTheirSegment) {
    const auto p = policy(
        document(R"({"Effect":"Allow","Action":"iam:GetUser","Resource":"arn:aws:iam::*:user/b?b*"})"));
    EXPECT_EQ(verdict(p, "iam:GetUser", bob), Verdict::allowed);
    EXPECT_EQ(verdict(p, "iam:GetUser", "arn:aws:iam::123456789012:user/bab/deep/down:x"), Verdict::allowed);
    EXPECT_EQ(verdict(p, "iam:GetUser", "arn:aws:iam::1:2:user/bob"), Verdict::implicit_deny);
    EXPECT_EQ(verdict(p, "iam:GetUser", "arn:aws:iam::123456789012:user/bb"), Verdict::implicit_deny);
}

TEST(Policy, AnEmptyPolicyOfStatementsMeansImplicitDeny) {
    EXPECT_EQ(verdict(Policy{}, "s3:ListAllMyBuckets", "*"), Verdict::implicit_deny);
}

TEST(Policy, StoresActionsThatDoNotExist) {
    const auto p = policy(document(R"({"Effect":"Allow","Action":"s3:ListBuckets","Resource":"*"})"));
    EXPECT_EQ(verdict(p, "s3:ListAllMyBuckets", "*"), Verdict::implicit_deny);
}

TEST(Policy, RefusesWhatItDoesNotUnderstand) {
    const auto statement = [](std::string_view extra) {
        return document(R"({"Effect":"Allow","Action":"s3:*","Resource":"*",)" + std::string(extra) + "}");
    };
    EXPECT_THAT(refusal(statement(R"("Principal":"*")")), HasSubstr("should not specify a principal"));
    EXPECT_EQ(refusal(statement(R"("effect":"Deny")")), "Syntax errors in policy.");
    EXPECT_EQ(refusal(statement(R"("Effect":"Deny")")), "Syntax errors in policy.") << "a key given twice";
    EXPECT_EQ(refusal(statement(R"("NotAction":"s3:*")")), "Syntax errors in policy.");
    EXPECT_EQ(refusal(statement(R"("NotResource":"*")")), "Syntax errors in policy.");
    for (const char* resource : {"arn:aws:iam::${aws:username}:user/a", "arn:aws:iam::1:user/${aws:username",
                                 "arn:aws:iam::1:user/${}", "arn:aws:iam::1:user/${aws:username,x}"})
        EXPECT_EQ(refusal(document(R"({"Effect":"Allow","Action":"iam:*","Resource":")" +
                                   std::string(resource) + R"("})")),
                  "Syntax errors in policy.")
            << resource;
}

TEST(Policy, AUsersOwnNameStandsForTheCaller) {
    const auto p = policy(document(
        R"({"Effect":"Allow","Action":"iam:*","Resource":["arn:aws:iam::*:user/${AWS:UserName}",
                                                          "arn:aws:iam::*:user/*/${aws:username}"]})"));
    EXPECT_EQ(verdict(p, "iam:GetUser", bob, "bob"), Verdict::allowed);
    EXPECT_EQ(verdict(p, "iam:GetUser", bob, "bo"), Verdict::implicit_deny);
    EXPECT_EQ(verdict(p, "iam:GetUser", bob, "Bob"), Verdict::implicit_deny);
    EXPECT_EQ(verdict(p, "iam:GetUser", bob, ""), Verdict::implicit_deny) << "a caller without a name";
    EXPECT_EQ(verdict(p, "iam:GetUser", "arn:aws:iam::123456789012:user/team/red/bob", "bob"),
              Verdict::allowed);
    EXPECT_EQ(verdict(p, "iam:GetUser", "arn:aws:iam::123456789012:user/", ""), Verdict::implicit_deny);
}

TEST(Policy, RefusesBrokenGrammar) {
    EXPECT_EQ(refusal(""), "Syntax errors in policy.");
    EXPECT_EQ(refusal("{"), "Syntax errors in policy.");
    EXPECT_EQ(refusal("[]"), "Syntax errors in policy.");
    EXPECT_EQ(refusal(R"({"Version":"2012-10-17"})"), "Syntax errors in policy.");
    EXPECT_EQ(refusal(document("[]")), "Syntax errors in policy.");
    EXPECT_EQ(refusal(document(R"([{"Effect":"Allow","Action":"s3:*","Resource":"*"}])", "2023-01-01")),
              "Syntax errors in policy.");
    EXPECT_EQ(refusal(document(R"({"Effect":"allow","Action":"s3:*","Resource":"*"})")),
              "The policy failed legacy parsing");
    EXPECT_EQ(refusal(document(R"({"Action":"s3:*","Resource":"*"})")), "Syntax errors in policy.");
    EXPECT_EQ(refusal(document(R"({"Effect":"Allow","Resource":"*"})")),
              "Policy statement must contain actions.");
    EXPECT_EQ(refusal(document(R"({"Effect":"Allow","Action":[],"Resource":"*"})")),
              "Policy statement must contain actions.");
    EXPECT_EQ(refusal(document(R"({"Effect":"Allow","Action":"s3:*"})")),
              "Policy statement must contain resources.");
    EXPECT_THAT(refusal(document(R"({"Effect":"Allow","Action":"ListBuckets","Resource":"*"})")),
                HasSubstr("prefaced by a vendor"));
    EXPECT_EQ(refusal(document(R"({"Effect":"Allow","Action":"s*:List","Resource":"*"})")),
              "Vendor s* is not valid");
    EXPECT_EQ(refusal(document(R"({"Effect":"Allow","Action":"s3:*","Resource":"my-bucket"})")),
              "Resource my-bucket must be in ARN format or \"*\".");
    EXPECT_EQ(refusal(document(R"({"Effect":"Deny","Action":"s3:*","Resource":"arn:aws:s3:mine"})")),
              "The policy failed legacy parsing");
    EXPECT_THAT(refusal(document(R"({"Effect":"Deny","Action":"s3:*","Resource":"arn:aws:*:::mine"})")),
                HasSubstr("cannot contain regexes"));
    EXPECT_EQ(refusal(document(R"([{"Sid":"a","Effect":"Allow","Action":"s3:*","Resource":"*"},
                                   {"Sid":"a","Effect":"Allow","Action":"s3:*","Resource":"*"}])")),
              "Statement IDs (SID) in a single policy must be unique.");
}

TEST(Policy, TheOlderVersionTakesVariablesLiterally) {
    const auto p = policy(document(
        R"({"Effect":"Allow","Action":"iam:*","Resource":"arn:aws:iam::123456789012:user/${aws:username}"})",
        "2008-10-17"));
    EXPECT_EQ(verdict(p, "iam:GetUser", bob), Verdict::implicit_deny);
    EXPECT_EQ(verdict(p, "iam:GetUser", "arn:aws:iam::123456789012:user/${aws:username}"), Verdict::allowed);
}

TEST(Policy, AManagedPolicyIsOfThePresentVersion) {
    const auto managed = [](std::string_view json) {
        const auto parsed = Policy::parse(json, Kind::managed);
        return parsed ? "accepted" : parsed.error().message;
    };
    constexpr const char* statement = R"({"Effect":"Allow","Action":"s3:*","Resource":"*"})";
    EXPECT_EQ(managed(document(statement)), "accepted");
    EXPECT_EQ(managed(document(statement, "2008-10-17")),
              "Policy document must be version 2012-10-17 or greater.");
    EXPECT_EQ(managed(R"({"Statement":)" + std::string(statement) + "}"),
              "Policy document must be version 2012-10-17 or greater.");
    EXPECT_EQ(managed("{"), "Syntax errors in policy.");
}

TEST(Policy, SizeIgnoresWhiteSpace) {
    EXPECT_EQ(counted_size(" { \"a\" :\t1 }\r\n"), 7U);
}

}  // namespace
}  // namespace keytide::iam_policy
