#include "lab/secretsmanager/secretsmanager.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "lab/signed_call.hpp"

namespace keytide::lab {
namespace {

const std::string first(32, '1'), second(32, '2'), third(32, '3');

class SecretsManager : public ::testing::Test {
protected:
    JsonAnswer create(const std::string& name = "app/key", const std::string& value = "one") {
        return root.secrets("CreateSecret", fmt::format(R"({{"Name":"{}","SecretString":"{}",
            "ClientRequestToken":"{}"}})",
                                                        name, value, first));
    }
    JsonAnswer put(const std::string& token, const std::string& value, const std::string& stages = "") {
        return root.secrets(
            "PutSecretValue",
            fmt::format(R"({{"SecretId":"app/key","ClientRequestToken":"{}","SecretString":"{}"{}}})", token,
                        value, stages.empty() ? "" : ",\"VersionStages\":" + stages));
    }
    JsonAnswer move(const std::string& stage, const std::string& from, const std::string& to) {
        std::string body = R"({"SecretId":"app/key","VersionStage":")" + stage + "\"";
        if (!from.empty()) body += R"(,"RemoveFromVersionId":")" + from + "\"";
        if (!to.empty()) body += R"(,"MoveToVersionId":")" + to + "\"";
        return root.secrets("UpdateSecretVersionStage", body + "}");
    }
    std::string stages(const std::string& version) {
        return root.secrets("DescribeSecret", R"({"SecretId":"app/key"})")
            .text("/VersionIdsToStages/" + version);
    }

    Lab lab = example_lab();
    Client root = root_of(lab);
};

TEST_F(SecretsManager, ASecretHasSixCharactersAfterItsName) {
    const auto made = create();
    ASSERT_EQ(made.status(), 200) << made.reply.body;
    const auto arn = made.text("/ARN");
    const std::string prefix = "arn:aws:secretsmanager:us-east-1:123456789012:secret:app/key-";
    EXPECT_TRUE(arn.starts_with(prefix)) << arn;
    EXPECT_EQ(arn.size(), prefix.size() + 6);
    EXPECT_EQ(made.text("/VersionId"), first);
    EXPECT_EQ(made.reply.content_type, "application/x-amz-json-1.1");
    for (const auto& id : {std::string("app/key"), arn, arn.substr(0, arn.size() - 7)}) {
        const auto read = root.secrets("GetSecretValue", "{\"SecretId\":\"" + id + "\"}");
        EXPECT_EQ(read.text("/SecretString"), "one") << id;
        EXPECT_EQ(read.text("/VersionStages"), R"(["AWSCURRENT"])");
    }
    const auto elsewhere =
        root.json("secretsmanager", "GetSecretValue", R"({"SecretId":"app/key"})", "eu-west-1");
    EXPECT_EQ(elsewhere.code(), "ResourceNotFoundException") << "each region has its own";
    EXPECT_EQ(elsewhere.status(), 400);
    EXPECT_EQ(elsewhere.message(), "Secrets Manager can't find the specified secret.");
}

TEST_F(SecretsManager, ATokenMakesOneVersionAndNeverAnother) {
    create();
    EXPECT_EQ(create().text("/VersionId"), first) << "the same again";
    const auto other = create("app/key", "two");
    EXPECT_EQ(other.code(), "ResourceExistsException");
    EXPECT_TRUE(other.message().starts_with("You can't use ClientRequestToken " + first)) << other.message();
    EXPECT_EQ(put(first, "one", R"(["AWSPENDING"])").text("/VersionStages"), R"(["AWSCURRENT"])")
        << "nothing happens to what is there";
    EXPECT_EQ(put(first, "two").code(), "ResourceExistsException");
    const auto without = root.secrets("PutSecretValue", R"({"SecretId":"app/key","SecretString":"x"})");
    EXPECT_EQ(without.code(), "InvalidRequestException");
    EXPECT_EQ(without.message(),
              "You must provide a ClientRequestToken value. We recommend a UUID-type value.");
    const auto taken =
        root.secrets("CreateSecret", fmt::format(R"({{"Name":"app/key","ClientRequestToken":"{}"}})", third));
    EXPECT_EQ(taken.message(), "The operation failed because the secret app/key already exists.");
}

// As recorded of AWS.
TEST_F(SecretsManager, ThePendingVersionBecomesCurrentAndTheCurrentOnePrevious) {
    create();
    EXPECT_EQ(put(second, "two", R"(["AWSPENDING"])").text("/VersionStages"), R"(["AWSPENDING"])");
    EXPECT_EQ(root.secrets("GetSecretValue", R"({"SecretId":"app/key"})").text("/SecretString"), "one");
    ASSERT_EQ(move("AWSCURRENT", first, second).status(), 200);
    EXPECT_EQ(stages(first), R"(["AWSPREVIOUS"])");
    EXPECT_EQ(stages(second), R"(["AWSCURRENT","AWSPENDING"])");
    EXPECT_EQ(put(third, "three").text("/VersionStages"), R"(["AWSCURRENT"])");
    EXPECT_EQ(stages(second), R"(["AWSPREVIOUS"])");
    EXPECT_EQ(stages(first), "") << "deprecated";
}

TEST_F(SecretsManager, CurrentMovesOnlyFromWhereTheCallerThinksThatItIs) {
    create();
    put(second, "two", R"(["AWSPENDING"])");
    put(third, "three", R"(["other"])");
    EXPECT_EQ(
        move("AWSCURRENT", "", second).message(),
        "The parameter RemoveFromVersionId can't be empty. Staging label AWSCURRENT is currently attached "
        "to version " +
            first + ", so you must explicitly reference that version in RemoveFromVersionId.");
    EXPECT_EQ(move("AWSCURRENT", third, second).code(), "InvalidParameterException");
    EXPECT_EQ(move("AWSCURRENT", first, "").code(), "InvalidParameterException");
    EXPECT_EQ(move("AWSCURRENT", first, std::string(32, '9')).code(), "ResourceNotFoundException");
    EXPECT_EQ(stages(first), R"(["AWSCURRENT"])");
    EXPECT_EQ(move("other", third, "").status(), 200);
    EXPECT_EQ(stages(third), "");
    EXPECT_EQ(move("AWSCURRENT", "", first).status(), 200) << "it is there already";
}

TEST_F(SecretsManager, AVersionIsReadByItsIdOrItsLabel) {
    create();
    put(second, "two", R"(["AWSPENDING"])");
    const auto read = [&](const std::string& more) {
        return root.secrets("GetSecretValue", R"({"SecretId":"app/key",)" + more + "}");
    };
    EXPECT_EQ(read(R"("VersionStage":"AWSPENDING")").text("/SecretString"), "two");
    EXPECT_EQ(read(R"("VersionId":")" + second + "\"").text("/SecretString"), "two");
    EXPECT_EQ(read(R"("VersionStage":"nowhere")").message(),
              "Secrets Manager can't find the specified secret value for staging label: nowhere");
    EXPECT_EQ(read(R"("VersionStage":"AWSCURRENT","VersionId":")" + second + "\"").message(),
              "You provided a VersionStage that is not associated to the provided VersionId.");
}

TEST_F(SecretsManager, ADeletedSecretCanBeBroughtBackUntilItsDay) {
    create();
    const auto deleted = root.secrets("DeleteSecret", R"({"SecretId":"app/key","RecoveryWindowInDays":7})");
    EXPECT_EQ(deleted.status(), 200);
    const auto read = root.secrets("GetSecretValue", R"({"SecretId":"app/key"})");
    EXPECT_EQ(read.code(), "InvalidRequestException");
    EXPECT_EQ(read.message(),
              "You can't perform this operation on the secret because it was marked for deletion.");
    EXPECT_EQ(
        create().message(),
        "You can't create this secret because a secret with this name is already scheduled for deletion.");
    EXPECT_EQ(root.secrets("RestoreSecret", R"({"SecretId":"app/key"})").status(), 200);
    EXPECT_EQ(root.secrets("GetSecretValue", R"({"SecretId":"app/key"})").status(), 200);
    root.secrets("DeleteSecret", R"({"SecretId":"app/key","RecoveryWindowInDays":7})");
    root.now = noon + std::chrono::days(7);
    EXPECT_EQ(root.secrets("RestoreSecret", R"({"SecretId":"app/key"})").code(), "ResourceNotFoundException");
    EXPECT_EQ(create().status(), 200);
    EXPECT_EQ(
        root.secrets("DeleteSecret", R"({"SecretId":"app/key","ForceDeleteWithoutRecovery":true})").status(),
        200);
    EXPECT_EQ(
        root.secrets("DeleteSecret", R"({"SecretId":"app/key","ForceDeleteWithoutRecovery":true})").status(),
        200)
        << "again is no error";
    EXPECT_EQ(root.secrets("DeleteSecret", R"({"SecretId":"app/key","RecoveryWindowInDays":31})").message(),
              "The RecoveryWindowInDays value must be between 7 and 30 days (inclusive).");
}

TEST_F(SecretsManager, PoliciesAreMatchedAgainstTheWholeArn) {
    const auto arn = create().text("/ARN");
    const auto exact = make_user(lab, "exact",
                                 R"({"Version":"2012-10-17","Statement":{"Effect":"Allow",
        "Action":"secretsmanager:GetSecretValue","Resource":")" +
                                     arn + R"("}})");
    EXPECT_EQ(exact.secrets("GetSecretValue", R"({"SecretId":"app/key"})").status(), 200);
    EXPECT_EQ(exact.secrets("DescribeSecret", R"({"SecretId":"app/key"})").code(), "AccessDeniedException");
    const auto without = make_user(lab, "without",
                                   R"({"Version":"2012-10-17","Statement":{"Effect":"Allow",
        "Action":"secretsmanager:*","Resource":"arn:aws:secretsmanager:*:*:secret:app/key"}})");
    const auto refused = without.secrets("GetSecretValue", R"({"SecretId":"app/key"})");
    EXPECT_EQ(refused.status(), 400);
    EXPECT_EQ(
        refused.message(),
        "User: arn:aws:iam::123456789012:user/without is not authorized to perform: "
        "secretsmanager:GetSecretValue on resource: app/key because no identity-based policy allows the "
        "secretsmanager:GetSecretValue action");
    const auto pattern = make_user(lab, "pattern",
                                   R"({"Version":"2012-10-17","Statement":{"Effect":"Allow",
        "Action":"secretsmanager:*","Resource":"arn:aws:secretsmanager:*:*:secret:app/key-??????"}})");
    EXPECT_EQ(pattern.secrets("GetSecretValue", R"({"SecretId":"app/key"})").status(), 200);
    EXPECT_EQ(pattern.secrets("GetSecretValue", R"({"SecretId":"app/other"})").code(),
              "AccessDeniedException")
        << "permission is asked before existence";
}

TEST_F(SecretsManager, AConsumerMayBeBoundToTheCurrentVersion) {
    create();
    put(second, "two", R"(["AWSPENDING"])");
    const auto consumer = make_user(lab, "consumer", R"({"Version":"2012-10-17","Statement":{"Effect":"Allow",
        "Action":"secretsmanager:GetSecretValue","Resource":"*",
        "Condition":{"StringEquals":{"secretsmanager:VersionStage":"AWSCURRENT"}}}})");
    EXPECT_EQ(consumer.secrets("GetSecretValue", R"({"SecretId":"app/key"})").text("/SecretString"), "one");
    EXPECT_EQ(
        consumer.secrets("GetSecretValue", R"({"SecretId":"app/key","VersionStage":"AWSPENDING"})").code(),
        "AccessDeniedException");
    EXPECT_EQ(
        consumer.secrets("GetSecretValue", R"({"SecretId":"app/key","VersionId":")" + second + "\"}").code(),
        "AccessDeniedException");
}

TEST_F(SecretsManager, WhatIsNotKnownIsRefused) {
    EXPECT_EQ(root.secrets("RotateSecret", "{}").code(), "UnknownOperationException");
    EXPECT_EQ(root.secrets("CreateSecret", "no json").code(), "SerializationException");
    EXPECT_EQ(root.secrets("CreateSecret", R"({"Name":7})").message(),
              "NUMBER_VALUE can not be converted to a String");
    EXPECT_EQ(
        root.secrets("GetSecretValue", "{}").message(),
        "1 validation error detected: Value null at 'secretId' failed to satisfy constraint: Member must "
        "not be null");
    EXPECT_EQ(root.secrets("GetSecretValue", R"({"SecretId":"x","Rocket":1})").code(), "ValidationException");
    EXPECT_EQ(
        root.secrets("GetSecretValue", R"({"SecretId":"a b"})").message(),
        "Invalid name. Must be a valid name containing alphanumeric characters, or any of the following: "
        "-/_+=.@!");
    EXPECT_EQ(put(second, std::string(65537, 'x')).code(), "ValidationException");
}

// A form inside of a secret is not taken for a call of another service.
TEST_F(SecretsManager, TheTargetSaysWhoIsMeantWhateverTheBodyHolds) {
    EXPECT_EQ(create("app/key", "x&Action=ListUsers&Version=2010-05-08&").status(), 200);
}

TEST_F(SecretsManager, SignaturesAreRefusedInTheWordsOfTheProtocol) {
    const Client stranger{lab, {*AccessKeyId::parse("AKIANOBODY0000000000"), Secret("x"), Secret()}};
    EXPECT_EQ(stranger.secrets("ListSecrets", "{}").code(), "UnrecognizedClientException");
    EXPECT_EQ(stranger.ssm("DescribeParameters", "{}").status(), 400);
    const Client wrong{lab, {root.key.id, Secret("wrong"), Secret()}};
    EXPECT_EQ(wrong.secrets("ListSecrets", "{}").code(), "InvalidSignatureException");
    EXPECT_EQ(JsonAnswer{lab.handle(json_request("ssm", "GetParameter", "{}"), noon)}.code(),
              "MissingAuthenticationTokenException");
    auto misdirected = json_request("ssm", "GetParameter", "{}");
    sign(misdirected, root.key, "secretsmanager", noon);
    EXPECT_EQ(JsonAnswer{lab.handle(misdirected, noon)}.message(),
              "Credential should be scoped to correct service: 'ssm'. ");
}

TEST_F(SecretsManager, TagsAreConditionsAndMayBeAskedFor) {
    const auto tagger = make_user(lab, "tagger", R"({"Version":"2012-10-17","Statement":[
        {"Effect":"Allow","Action":["secretsmanager:CreateSecret","secretsmanager:TagResource"],"Resource":"*",
         "Condition":{"StringEquals":{"aws:RequestTag/team":"a"}}},
        {"Effect":"Allow","Action":"secretsmanager:DescribeSecret","Resource":"*",
         "Condition":{"StringEquals":{"aws:ResourceTag/team":"a"}}}]})");
    const auto make = [&](const std::string& name, const std::string& team) {
        return tagger.secrets("CreateSecret", fmt::format(R"({{"Name":"{}","ClientRequestToken":"{}",
            "Tags":[{{"Key":"team","Value":"{}"}}]}})",
                                                          name, first, team));
    };
    EXPECT_EQ(make("one", "b").code(), "AccessDeniedException");
    EXPECT_EQ(make("one", "a").status(), 200);
    create("two");
    EXPECT_EQ(tagger.secrets("DescribeSecret", R"({"SecretId":"one"})").text("/Tags/0/Value"), "a");
    EXPECT_EQ(tagger.secrets("DescribeSecret", R"({"SecretId":"two"})").code(), "AccessDeniedException");
}

}  // namespace
}  // namespace keytide::lab
