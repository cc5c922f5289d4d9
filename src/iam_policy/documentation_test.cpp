// The examples of AWS's documentation, each with what its text says of it.
#include <gtest/gtest.h>

#include "iam_policy/policy.hpp"

namespace keytide::iam_policy {
namespace {

struct Ask {
    const char* action;
    const char* resource;
    MapContext context;
    Verdict expected;
};

void check(std::string_view json, const std::vector<Ask>& asks) {
    const auto policy = Policy::parse(json);
    ASSERT_TRUE(policy) << policy.error().message;
    for (const auto& [action, resource, context, expected] : asks)
        EXPECT_EQ(policy->evaluate({.action = action, .resource = resource, .context = context}).verdict,
                  expected)
            << action << " on " << resource;
}

constexpr auto allowed = Verdict::allowed;
constexpr auto unsaid = Verdict::implicit_deny;
constexpr auto denied = Verdict::explicit_deny;

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_examples_aws-dates.html
TEST(Documentation, DatesAllowAccessForATime) {
    const char* json =
        R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"service-prefix:action-name",
        "Resource":"*","Condition":{"DateGreaterThan":{"aws:CurrentTime":"2020-04-01T00:00:00Z"},
        "DateLessThan":{"aws:CurrentTime":"2020-06-30T23:59:59Z"}}}]})";
    check(json, {{"service-prefix:action-name", "*", {{"aws:CurrentTime", "2020-05-15T12:00:00Z"}}, allowed},
                 {"service-prefix:action-name", "*", {{"aws:CurrentTime", "2020-07-01T00:00:00Z"}}, unsaid},
                 {"service-prefix:action-name", "*", {{"aws:CurrentTime", "2020-03-31T23:59:59Z"}}, unsaid},
                 {"service-prefix:action-name", "*", {}, unsaid}});
}

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_examples_aws_deny-ip.html
TEST(Documentation, AddressesOutsideAreDeniedUnlessAServiceCalls) {
    const char* json =
        R"({"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":"*","Resource":"*","Condition":{
        "NotIpAddress":{"aws:SourceIp":["192.0.2.0/24","203.0.113.0/24"]},
        "Bool":{"aws:ViaAWSService":"false"}}}})";
    check(json,
          {{"s3:GetObject", "*", {{"aws:SourceIp", "203.0.113.9"}, {"aws:ViaAWSService", "false"}}, unsaid},
           {"s3:GetObject", "*", {{"aws:SourceIp", "198.51.100.9"}, {"aws:ViaAWSService", "false"}}, denied},
           {"s3:GetObject", "*", {{"aws:SourceIp", "198.51.100.9"}, {"aws:ViaAWSService", "true"}}, unsaid}});
}

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_examples_aws_my-sec-creds-self-manage.html
TEST(Documentation, AllButTheOwnDeviceIsDeniedWithoutMfa) {
    const char* json = R"({"Version":"2012-10-17","Statement":[
        {"Sid":"AllowManageOwnAccessKeys","Effect":"Allow","Action":["iam:CreateAccessKey","iam:DeleteAccessKey",
         "iam:ListAccessKeys","iam:UpdateAccessKey","iam:GetAccessKeyLastUsed"],
         "Resource":"arn:aws:iam::*:user/${aws:username}"},
        {"Sid":"DenyAllExceptListedIfNoMFA","Effect":"Deny","NotAction":["iam:CreateVirtualMFADevice",
         "iam:EnableMFADevice","iam:GetUser","iam:ListMFADevices","iam:ListVirtualMFADevices",
         "iam:ResyncMFADevice","sts:GetSessionToken"],"Resource":"*",
         "Condition":{"BoolIfExists":{"aws:MultiFactorAuthPresent":"false"}}}]})";
    const char* bob = "arn:aws:iam::123456789012:user/bob";
    const MapContext with_mfa{{"aws:username", "bob"}, {"aws:MultiFactorAuthPresent", "true"}};
    const MapContext long_term{{"aws:username", "bob"}};
    check(json, {{"iam:CreateAccessKey", bob, with_mfa, allowed},
                 {"iam:CreateAccessKey", bob, long_term, denied},
                 {"iam:GetUser", bob, long_term, unsaid},
                 {"iam:CreateAccessKey", "arn:aws:iam::123456789012:user/eve", with_mfa, unsaid}});
}

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html:
// "Bool" with a key that long-term credentials lack denies nothing to them.
TEST(Documentation, BoolWithoutIfExistsSparesLongTermKeys) {
    const char* json = R"({"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":"*","Resource":"*",
        "Condition":{"Bool":{"aws:MultiFactorAuthPresent":"false"}}}})";
    check(json, {{"iam:GetUser", "*", {}, unsaid},
                 {"iam:GetUser", "*", {{"aws:MultiFactorAuthPresent", "false"}}, denied}});
}

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
TEST(Documentation, HomeFoldersFollowTheNameOfTheUser) {
    const char* json = R"({"Version":"2012-10-17","Statement":[
        {"Action":["s3:ListBucket"],"Effect":"Allow","Resource":["arn:aws:s3:::amzn-s3-demo-bucket"],
         "Condition":{"StringLike":{"s3:prefix":["${aws:username}/*"]}}},
        {"Action":["s3:GetObject","s3:PutObject"],"Effect":"Allow",
         "Resource":["arn:aws:s3:::amzn-s3-demo-bucket/${aws:username}/*"]}]})";
    const MapContext david{{"aws:username", "David"}, {"s3:prefix", "David/pictures"}};
    const MapContext elsewhere{{"aws:username", "David"}, {"s3:prefix", "Bob/"}};
    check(json, {{"s3:GetObject", "arn:aws:s3:::amzn-s3-demo-bucket/David/a/b.txt", david, allowed},
                 {"s3:GetObject", "arn:aws:s3:::amzn-s3-demo-bucket/Bob/b.txt", david, unsaid},
                 {"s3:GetObject", "arn:aws:s3:::amzn-s3-demo-bucket/David/b.txt", {}, unsaid},
                 {"s3:ListBucket", "arn:aws:s3:::amzn-s3-demo-bucket", david, allowed},
                 {"s3:ListBucket", "arn:aws:s3:::amzn-s3-demo-bucket", elsewhere, unsaid}});
}

// "If user has no tag named team, company-wide": the same page, on default values.
TEST(Documentation, VariablesHaveDefaults) {
    const char* json = R"json({"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:ListBucket",
        "Resource":"arn:aws:s3:::amzn-s3-demo-bucket-${aws:PrincipalTag/team, 'company-wide'}"}})json";
    check(json, {{"s3:ListBucket",
                  "arn:aws:s3:::amzn-s3-demo-bucket-yellow",
                  {{"aws:PrincipalTag/team", "yellow"}},
                  allowed},
                 {"s3:ListBucket", "arn:aws:s3:::amzn-s3-demo-bucket-company-wide", {}, allowed},
                 {"s3:ListBucket",
                  "arn:aws:s3:::amzn-s3-demo-bucket-company-wide",
                  {{"aws:PrincipalTag/team", "yellow"}},
                  unsaid}});
}

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-logic-multiple-context-keys-or-values.html
TEST(Documentation, KeysAreAndValuesAreOrAndNegatedValuesAreNor) {
    const char* json =
        R"({"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"ec2:*","Resource":"*",
        "Condition":{"StringEquals":{"aws:PrincipalTag/department":["finance","hr","legal"],
                                     "aws:PrincipalTag/role":["audit","security"]},
                     "StringNotEquals":{"aws:RequestedRegion":["us-east-1","us-west-2"]}}}})";
    const auto asks = [&](const char* department, const char* role, const char* region) {
        return MapContext{{"aws:PrincipalTag/department", department},
                          {"aws:PrincipalTag/role", role},
                          {"aws:RequestedRegion", region}};
    };
    check(json, {{"ec2:RunInstances", "*", asks("hr", "audit", "eu-west-1"), allowed},
                 {"ec2:RunInstances", "*", asks("hr", "sales", "eu-west-1"), unsaid},
                 {"ec2:RunInstances", "*", asks("it", "audit", "eu-west-1"), unsaid},
                 {"ec2:RunInstances", "*", asks("legal", "security", "us-west-2"), unsaid}});
}

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
TEST(Documentation, TagKeysOfARequestAreTakenAsASet) {
    const char* json = R"({"Version":"2012-10-17","Statement":[
        {"Effect":"Allow","Action":"ec2:CreateTags","Resource":"*",
         "Condition":{"ForAllValues:StringEquals":{"aws:TagKeys":["environment","cost-center"]},
                      "Null":{"aws:TagKeys":"false"}}},
        {"Effect":"Deny","Action":"ec2:*","Resource":"*",
         "Condition":{"ForAnyValue:StringEquals":{"aws:TagKeys":"webserver"}}}]})";
    const auto keys = [](std::vector<std::string> values) {
        return MapContext().set("aws:TagKeys", std::move(values));
    };
    check(json, {{"ec2:CreateTags", "*", keys({"environment", "cost-center"}), allowed},
                 {"ec2:CreateTags", "*", keys({"environment", "owner"}), unsaid},
                 {"ec2:CreateTags", "*", keys({"webserver", "environment"}), denied},
                 {"ec2:CreateTags", "*", {}, unsaid}});
}

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notaction.html
TEST(Documentation, NotActionDeniesAllOthersWithoutMfa) {
    const char* json =
        R"({"Version":"2012-10-17","Statement":[{"Sid":"DenyAllUsersNotUsingMFA","Effect":"Deny",
        "NotAction":"iam:*","Resource":"*","Condition":{"BoolIfExists":{"aws:MultiFactorAuthPresent":"false"}}}]})";
    check(json, {{"s3:GetObject", "*", {}, denied},
                 {"iam:GetUser", "*", {}, unsaid},
                 {"s3:GetObject", "*", {{"aws:MultiFactorAuthPresent", "true"}}, unsaid}});
}

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notresource.html
TEST(Documentation, NotResourceDeniesAllOtherBuckets) {
    const char* json = R"({"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":"s3:*",
        "NotResource":["arn:aws:s3:::HRBucket/Payroll","arn:aws:s3:::HRBucket/Payroll/*"]}})";
    check(json, {{"s3:GetObject", "arn:aws:s3:::HRBucket/Payroll/may", {}, unsaid},
                 {"s3:GetObject", "arn:aws:s3:::HRBucket/Other", {}, denied}});
}

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html: "?" is one
// character, and a wildcard goes across slashes.
TEST(Documentation, WildcardsOfResources) {
    check(R"({"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"iam:*",
             "Resource":"arn:aws:iam::111122223333:user/Development/product_1234/*"}})",
          {{"iam:GetUser", "arn:aws:iam::111122223333:user/Development/product_1234/a/b", {}, allowed},
           {"iam:GetUser", "arn:aws:iam::111122223333:user/Development/product_12345", {}, unsaid}});
    check(R"({"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:*",
             "Resource":"arn:aws:s3:::amzn-s3-demo-bucket/*/test/*"}})",
          {{"s3:GetObject", "arn:aws:s3:::amzn-s3-demo-bucket/1/2/test/3/object.jpg", {}, allowed},
           {"s3:GetObject", "arn:aws:s3:::amzn-s3-demo-bucket/1/2/test.jpg", {}, unsaid}});
}

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_version.html
TEST(Documentation, WithoutAVersionVariablesAreText) {
    check(
        R"({"Statement":{"Effect":"Allow","Action":"iam:*","Resource":"arn:aws:iam::1:user/${aws:username}"}})",
        {{"iam:GetUser", "arn:aws:iam::1:user/bob", {{"aws:username", "bob"}}, unsaid},
         {"iam:GetUser", "arn:aws:iam::1:user/${aws:username}", {}, allowed}});
}

}  // namespace
}  // namespace keytide::iam_policy
