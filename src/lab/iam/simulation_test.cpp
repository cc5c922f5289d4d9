#include "lab/iam/simulation.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lab/signed_call.hpp"

namespace keytide::lab {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr const char* bob_arn = "arn:aws:iam::123456789012:user/bob";
constexpr const char* after_2018 =
    R"({"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"dynamodb:*","Resource":"*",)"
    R"("Condition":{"DateGreaterThan":{"aws:CurrentTime":"2018-08-16T12:00:00Z"}}}})";
constexpr const char* read_only =
    R"({"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:Get*","Resource":"*"}})";
constexpr const char* own_keys =
    R"({"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"iam:*AccessKey",)"
    R"("Resource":"arn:aws:iam::123456789012:user/${aws:username}"}})";
constexpr const char* deny_put =
    R"({"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":"s3:Put*","Resource":"*"}})";

class Simulations : public ::testing::Test {
protected:
    Answer custom(Fields fields) { return root.iam("SimulateCustomPolicy", fields); }
    Answer of_bob(Fields fields) {
        auto request = query_request("iam", "SimulatePrincipalPolicy", fields);
        request.body += "&PolicySourceArn=";
        signature::append_encoded(request.body, bob_arn);
        sign(request, root.key, "iam", noon);
        return {lab.handle(request, noon)};
    }
    static std::vector<std::string> texts(const Answer& answer, const char* path) {
        pugi::xml_document document;
        document.load_buffer(answer.reply.body.data(), answer.reply.body.size());
        std::vector<std::string> found;
        for (const auto& node : document.select_nodes(path)) found.emplace_back(node.node().text().get());
        return found;
    }
    static std::vector<std::string> decisions(const Answer& answer) {
        return texts(answer, "//EvaluationResults/member/EvalDecision");
    }

    Lab lab = example_lab();
    Client root = root_of(lab);
    Client bob = make_user(lab, "bob");
};

// The transcripts of https://docs.aws.amazon.com/cli/latest/reference/iam/simulate-custom-policy.html
TEST_F(Simulations, OfATextSayWhichStatementAllows) {
    const auto before = custom({{"PolicyInputList.member.1", after_2018},
                                {"ActionNames.member.1", "dynamodb:CreateBackup"},
                                {"ContextEntries.member.1.ContextKeyName", "aws:CurrentTime"},
                                {"ContextEntries.member.1.ContextKeyValues.member.1", "2018-04-25T11:00:00Z"},
                                {"ContextEntries.member.1.ContextKeyType", "date"}});
    EXPECT_THAT(decisions(before), ElementsAre("implicitDeny")) << before.reply.body;
    EXPECT_EQ(before.count("//MatchedStatements/member"), 0U);
    const auto after = custom({{"PolicyInputList.member.1", after_2018},
                               {"ActionNames.member.1", "dynamodb:CreateBackup"},
                               {"ContextEntries.member.1.ContextKeyName", "aws:CurrentTime"},
                               {"ContextEntries.member.1.ContextKeyValues.member.1", "2019-04-25T11:00:00Z"},
                               {"ContextEntries.member.1.ContextKeyType", "date"}});
    EXPECT_THAT(decisions(after), ElementsAre("allowed"));
    EXPECT_EQ(after.text("//EvalResourceName"), "*");
    EXPECT_EQ(after.text("//SourcePolicyId"), "PolicyInputList.1");
    EXPECT_EQ(after.text("//SourcePolicyType"), "IAM Policy");
    EXPECT_EQ(after.text("//StartPosition/Line"), "1");
    EXPECT_EQ(after.text("//StartPosition/Column"), "38");
    EXPECT_EQ(after.text("//EndPosition/Column"), "167");
    EXPECT_EQ(after.count("//MissingContextValues/member"), 0U);
    EXPECT_EQ(after.count("//ResourceSpecificResults"), 0U);
}

TEST_F(Simulations, NameTheKeysThatAreMissingAsThePolicyWritesThem) {
    const auto got =
        custom({{"PolicyInputList.member.1", after_2018}, {"ActionNames.member.1", "dynamodb:CreateBackup"}});
    EXPECT_THAT(decisions(got), ElementsAre("implicitDeny"));
    EXPECT_THAT(texts(got, "//MissingContextValues/member"), ElementsAre("aws:CurrentTime"));
}

TEST_F(Simulations, AskEachActionOnEachResource) {
    const auto got = custom({{"PolicyInputList.member.1", read_only},
                             {"PolicyInputList.member.2", deny_put},
                             {"ActionNames.member.1", "s3:GetObject"},
                             {"ActionNames.member.2", "s3:PutObject"},
                             {"ResourceArns.member.1", "arn:aws:s3:::a/1"},
                             {"ResourceArns.member.2", "arn:aws:s3:::a/2"}});
    EXPECT_THAT(decisions(got), ElementsAre("allowed", "allowed", "explicitDeny", "explicitDeny"));
    EXPECT_THAT(texts(got, "//ResourceSpecificResults/member/EvalResourceName"),
                ElementsAre("arn:aws:s3:::a/1", "arn:aws:s3:::a/2", "arn:aws:s3:::a/1", "arn:aws:s3:::a/2"));
    EXPECT_EQ(got.count("//EvaluationResults/member/EvalDecisionDetails"), 4U);
    EXPECT_EQ(got.text("//EvaluationResults/member[4]/MatchedStatements/member/SourcePolicyId"),
              "PolicyInputList.2");
}

TEST_F(Simulations, ComeInPages) {
    std::string marker;
    std::vector<std::string> seen;
    for (const bool is_last : {false, true}) {
        const auto got = marker.empty() ? custom({{"PolicyInputList.member.1", read_only},
                                                  {"ActionNames.member.1", "s3:GetObject"},
                                                  {"ActionNames.member.2", "s3:PutObject"},
                                                  {"ActionNames.member.3", "s3:GetBucketAcl"},
                                                  {"MaxItems", "2"}})
                                        : custom({{"PolicyInputList.member.1", read_only},
                                                  {"ActionNames.member.1", "s3:GetObject"},
                                                  {"ActionNames.member.2", "s3:PutObject"},
                                                  {"ActionNames.member.3", "s3:GetBucketAcl"},
                                                  {"MaxItems", "2"},
                                                  {"Marker", marker}});
        for (auto& name : texts(got, "//EvalActionName")) seen.push_back(std::move(name));
        EXPECT_EQ(got.text("//IsTruncated"), is_last ? "false" : "true");
        marker = got.text("//Marker");
    }
    EXPECT_THAT(seen, ElementsAre("s3:GetObject", "s3:PutObject", "s3:GetBucketAcl"));
}

TEST_F(Simulations, OfAUserTakeAllThatItHasAndMore) {
    root.iam("PutUserPolicy", {{"UserName", "bob"}, {"PolicyName", "own"}, {"PolicyDocument", own_keys}});
    root.iam("CreateGroup", {{"GroupName", "staff"}});
    root.iam("AttachGroupPolicy",
             {{"GroupName", "staff"}, {"PolicyArn", "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"}});
    root.iam("AddUserToGroup", {{"GroupName", "staff"}, {"UserName", "bob"}});
    const auto got = of_bob({{"ActionNames.member.1", "iam:CreateAccessKey"},
                             {"ActionNames.member.2", "s3:ListBucket"},
                             {"ActionNames.member.3", "dynamodb:CreateBackup"},
                             {"PolicyInputList.member.1", after_2018},
                             {"ResourceArns.member.1", bob_arn}});
    EXPECT_THAT(decisions(got), ElementsAre("allowed", "allowed", "implicitDeny"));
    EXPECT_EQ(got.text("//EvaluationResults/member[1]/MatchedStatements//SourcePolicyId"), "user_bob_own");
    EXPECT_EQ(got.text("//EvaluationResults/member[2]/MatchedStatements//SourcePolicyId"),
              "AmazonS3ReadOnlyAccess");
    EXPECT_EQ(got.text("//EvaluationResults/member[3]/ResourceSpecificResults//MissingContextValues/member"),
              "aws:CurrentTime");
    EXPECT_EQ(got.count("//EvaluationResults/member[3]/MissingContextValues/member"), 0U);
    EXPECT_EQ(bob.iam("ListAccessKeys").code(), "AccessDenied") << "a simulation gives nothing";
}

TEST_F(Simulations, SayWhetherTheBoundaryAllows) {
    root.iam("PutUserPolicy",
             {{"UserName", "bob"}, {"PolicyName", "all"}, {"PolicyDocument", allow_everything}});
    EXPECT_EQ(of_bob({{"ActionNames.member.1", "s3:PutObject"}}).count("//PermissionsBoundaryDecisionDetail"),
              0U);
    root.iam(
        "PutUserPermissionsBoundary",
        {{"UserName", "bob"}, {"PermissionsBoundary", "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"}});
    const auto own = of_bob({{"ActionNames.member.1", "s3:PutObject"}});
    EXPECT_THAT(decisions(own), ElementsAre("implicitDeny"));
    EXPECT_EQ(own.text("//AllowedByPermissionsBoundary"), "false");
    const auto other = of_bob({{"ActionNames.member.1", "s3:PutObject"},
                               {"PermissionsBoundaryPolicyInputList.member.1", allow_everything}});
    EXPECT_THAT(decisions(other), ElementsAre("allowed")) << "instead of its own";
    EXPECT_EQ(other.text("//AllowedByPermissionsBoundary"), "true");
}

TEST_F(Simulations, TakeAResourcesPolicyIntoAccount) {
    const std::string bucket = std::string(R"({"Version":"2012-10-17","Statement":{"Effect":"Allow",)") +
                               R"("Principal":{"AWS":")" + bob_arn +
                               R"("},"Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"}})";
    const auto got = of_bob({{"ActionNames.member.1", "s3:GetObject"},
                             {"ResourceArns.member.1", "arn:aws:s3:::b/1"},
                             {"ResourcePolicy", bucket}});
    EXPECT_THAT(decisions(got), ElementsAre("allowed")) << got.reply.body;
    EXPECT_EQ(got.text("//SourcePolicyType"), "Resource Policy");
    const auto abroad = of_bob({{"ActionNames.member.1", "s3:GetObject"},
                                {"ResourceArns.member.1", "arn:aws:s3:::b/1"},
                                {"ResourceOwner", "arn:aws:iam::210987654321:root"},
                                {"ResourcePolicy", bucket}});
    EXPECT_THAT(decisions(abroad), ElementsAre("implicitDeny")) << "both accounts have to allow";
    EXPECT_EQ(abroad.text("//EvalDecisionDetails/entry[key='Resource Policy']/value"), "allowed");
    EXPECT_EQ(abroad.text("//EvalDecisionDetails/entry[key='IAM Policy']/value"), "implicitDeny");
    EXPECT_EQ(custom({{"ActionNames.member.1", "s3:GetObject"},
                      {"PolicyInputList.member.1", read_only},
                      {"ResourcePolicy", bucket}})
                  .message(),
              "Invalid caller - Caller must be an IAM user in this context.");
}

TEST_F(Simulations, RefuseWhatMeansNothing) {
    const auto refusal = [](const Answer& answer) { return answer.code() + ": " + answer.message(); };
    const auto of = [&](std::string_view arn) {
        return refusal(root.iam("SimulatePrincipalPolicy",
                                {{"PolicySourceArn", arn}, {"ActionNames.member.1", "s3:GetObject"}}));
    };
    EXPECT_EQ(of("arn:aws:iam::123456789012:role/none"),
              "NoSuchEntity: The role with name none cannot be found.");
    EXPECT_EQ(of("arn:aws:iam::123456789012:user/path/bob"),
              "NoSuchEntity: The user with name bob cannot be found.");
    EXPECT_EQ(of("arn:aws:sts::123456789012:assumed-role/app/me"),
              "InvalidInput: Invalid Entity Arn: arn:aws:sts::123456789012:assumed-role/app/me does not "
              "clearly define entity type and name.");
    EXPECT_EQ(custom({{"PolicyInputList.member.1", "{"}, {"ActionNames.member.1", "s3:GetObject"}}).code(),
              "InvalidInput");
    EXPECT_EQ(custom({{"PolicyInputList.member.1", read_only}, {"ActionNames.member.1", "GetObject"}}).code(),
              "InvalidInput");
    EXPECT_EQ(custom({{"PolicyInputList.member.1", read_only}}).code(), "ValidationError");
    EXPECT_EQ(custom({{"ActionNames.member.1", "s3:GetObject"}}).code(), "ValidationError");
    EXPECT_EQ(custom({{"PolicyInputList.member.1", read_only},
                      {"ActionNames.member.1", "s3:GetObject"},
                      {"ContextEntries.member.1.ContextKeyName", "aws:SourceIp"},
                      {"ContextEntries.member.1.ContextKeyValues.member.1", "somewhere"},
                      {"ContextEntries.member.1.ContextKeyType", "ip"}})
                  .code(),
              "InvalidInput");
}

TEST_F(Simulations, TellWhichKeysTheyWantToKnow) {
    root.iam("PutUserPolicy", {{"UserName", "bob"}, {"PolicyName", "own"}, {"PolicyDocument", own_keys}});
    EXPECT_THAT(texts(root.iam("GetContextKeysForPrincipalPolicy",
                               {{"PolicySourceArn", bob_arn}, {"PolicyInputList.member.1", after_2018}}),
                      "//ContextKeyNames/member"),
                ElementsAre("aws:CurrentTime", "aws:username"));
    EXPECT_THAT(texts(root.iam("GetContextKeysForCustomPolicy", {{"PolicyInputList.member.1", read_only}}),
                      "//ContextKeyNames/member"),
                IsEmpty());
}

}  // namespace
}  // namespace keytide::lab
