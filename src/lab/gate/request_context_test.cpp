// The condition keys that a request to the lab has, asked for by policies as people write them.
#include "lab/gate/request_context.hpp"

#include <gtest/gtest.h>

#include "lab/signed_call.hpp"

namespace keytide::lab {
namespace {

struct Case {
    std::string name;
    std::string condition;  // true of the request below
    std::string opposite;   // false of it
};

void PrintTo(const Case& one, std::ostream* out) {
    *out << one.name;
}

class ConditionKeys : public ::testing::TestWithParam<Case> {
protected:
    // bob, from 192.0.2.7, asks S3 in Frankfurt for the list of his buckets.
    int status_under(const std::string& condition) {
        root.iam("PutUserPolicy",
                 {{"UserName", "bob"},
                  {"PolicyName", "p"},
                  {"PolicyDocument", R"({"Version":"2012-10-17","Statement":{"Effect":"Allow",
                                       "Action":"s3:*","Resource":"*","Condition":)" +
                                         condition + "}}"}});
        auto request = s3_request("GET", "/");
        request.headers.push_back({"User-Agent", "aws-cli/2.9.19 Python/3.11"});
        request.source_ip = "192.0.2.7";
        sign(request, bob.key, "s3", noon, "eu-central-1");
        return lab.handle(request, noon).status;
    }

    Lab lab = example_lab();
    Client root = root_of(lab);
    Client bob = make_user(lab, "bob");
};

TEST_P(ConditionKeys, AreWhatTheyAre) {
    EXPECT_EQ(status_under(GetParam().condition), 200) << GetParam().condition;
    EXPECT_EQ(status_under(GetParam().opposite), 403) << GetParam().opposite;
}

INSTANTIATE_TEST_SUITE_P(
    Gate, ConditionKeys,
    ::testing::Values(
        Case{"SourceIp", R"({"IpAddress":{"aws:SourceIp":"192.0.2.0/24"}})",
             R"({"NotIpAddress":{"aws:SourceIp":"192.0.2.0/24"}})"},
        Case{"CurrentTime", R"({"DateLessThan":{"aws:CurrentTime":"2026-01-31T12:00:01Z"}})",
             R"({"DateLessThan":{"aws:CurrentTime":"2026-01-31T12:00:00Z"}})"},
        Case{"EpochTime", R"({"NumericEquals":{"aws:EpochTime":"1769860800"}})",
             R"({"NumericGreaterThan":{"aws:EpochTime":"1769860800"}})"},
        Case{"SecureTransport", R"({"Bool":{"aws:SecureTransport":"false"}})",
             R"({"Bool":{"aws:SecureTransport":"true"}})"},
        Case{"UserAgent", R"({"StringLike":{"aws:UserAgent":"aws-cli/*"}})",
             R"({"StringLike":{"aws:UserAgent":"Boto3/*"}})"},
        Case{"RequestedRegion", R"({"StringEquals":{"aws:RequestedRegion":"eu-central-1"}})",
             R"({"StringEquals":{"aws:RequestedRegion":"us-east-1"}})"},
        Case{"username", R"({"StringEquals":{"aws:username":"bob"}})",
             R"({"StringEquals":{"aws:username":"Bob"}})"},
        Case{"userid", R"({"StringLike":{"aws:userid":"AIDA*"}})", R"({"StringLike":{"aws:userid":"*:*"}})"},
        Case{"PrincipalArn", R"({"ArnEquals":{"aws:PrincipalArn":"arn:aws:iam::123456789012:user/bob"}})",
             R"({"ArnEquals":{"aws:PrincipalArn":"arn:aws:iam::123456789012:user/eve"}})"},
        Case{"PrincipalAccount", R"({"StringEquals":{"aws:PrincipalAccount":"123456789012"}})",
             R"({"StringNotEquals":{"aws:PrincipalAccount":"123456789012"}})"},
        Case{"PrincipalType", R"({"StringEquals":{"aws:PrincipalType":"User"}})",
             R"({"StringEquals":{"aws:PrincipalType":"AssumedRole"}})"},
        Case{"ViaAWSService", R"({"Bool":{"aws:ViaAWSService":"false"}})",
             R"({"Bool":{"aws:ViaAWSService":"true"}})"},
        // Of long-term keys nothing is known: https://docs.aws.amazon.com/IAM/latest/UserGuide/
        // reference_policies_condition-keys.html#condition-keys-multifactorauthpresent
        Case{"MultiFactorAuthPresent", R"({"BoolIfExists":{"aws:MultiFactorAuthPresent":"true"}})",
             R"({"Bool":{"aws:MultiFactorAuthPresent":"false"}})"},
        Case{"TokenIssueTime", R"({"Null":{"aws:TokenIssueTime":"true"}})",
             R"({"Null":{"aws:TokenIssueTime":"false"}})"}),
    [](const auto& one) { return one.param.name; });

}  // namespace
}  // namespace keytide::lab
