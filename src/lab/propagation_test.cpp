// A key's life as those see it who have not heard of the latest yet.
#include <gtest/gtest.h>

#include "lab/rehearsal.hpp"
#include "lab/signed_call.hpp"

namespace keytide::lab {
namespace {

using namespace std::chrono_literals;

class PropagationTest : public ::testing::Test {
protected:
    void SetUp() override {
        root().iam("CreateUser", {{"UserName", "bob"}});
        root().iam(
            "PutUserPolicy",
            {{"UserName", "bob"},
             {"PolicyName", "all"},
             {"PolicyDocument",
              R"({"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}})"}});
    }
    void spread(misbehaviour::Delays delays) { lab.set_propagation({.replicas = {delays}}); }
    Client root() { return {lab, lab.root_key().clone(), now}; }
    Client bob(const AccessKey& key) { return {lab, key.clone(), now}; }
    AccessKey new_key() { return created_key(root().iam("CreateAccessKey", {{"UserName", "bob"}})); }
    std::string answer(const AccessKey& key, std::string_view service = "sts") {
        const auto given =
            service == "s3" ? bob(key).s3("GET", "/") : bob(key).query(service, "GetCallerIdentity");
        return given.status() == 200 ? "yes" : given.code();
    }
    void set_status(const AccessKey& key, std::string_view status) {
        ASSERT_EQ(root()
                      .iam("UpdateAccessKey",
                           {{"UserName", "bob"}, {"AccessKeyId", key.id.text()}, {"Status", status}})
                      .status(),
                  200);
    }
    Answer erase(const AccessKey& key) {
        return root().iam("DeleteAccessKey", {{"UserName", "bob"}, {"AccessKeyId", key.id.text()}});
    }
    std::string list() {
        const auto keys = root().iam("ListAccessKeys", {{"UserName", "bob"}});
        return std::to_string(keys.count("//AccessKeyMetadata/member")) + " " + keys.text("//Status");
    }

    Instant now = noon;
    Lab lab = example_lab();
};

TEST_F(PropagationTest, ANewKeyIsUnknownForAWhileInEachServicesWords) {
    spread({.created = 10s});
    const auto key = new_key();
    now = noon + 9s;
    EXPECT_EQ(answer(key), "InvalidClientTokenId");
    EXPECT_EQ(answer(key, "s3"), "InvalidAccessKeyId");
    now = noon + 10s;
    EXPECT_EQ(answer(key), "yes");
    EXPECT_EQ(answer(key, "s3"), "yes");
}

TEST_F(PropagationTest, ADeletedKeyWorksForAWhile) {
    const auto key = new_key();
    spread({.deleted = 4s});
    ASSERT_EQ(erase(key).status(), 200);
    EXPECT_EQ(list(), "0 ") << "although the account has deleted it";
    now = noon + 3s;
    EXPECT_EQ(answer(key), "yes");
    now = noon + 4s;
    EXPECT_EQ(answer(key), "InvalidClientTokenId");
    EXPECT_EQ(erase(key).code(), "NoSuchEntity");
}

TEST_F(PropagationTest, TheDeletedKeyOfADeletedUserIsNobodys) {
    const auto key = new_key();
    spread({.deleted = 4s});
    erase(key);
    root().iam("DeleteUserPolicy", {{"UserName", "bob"}, {"PolicyName", "all"}});
    ASSERT_EQ(root().iam("DeleteUser", {{"UserName", "bob"}}).status(), 200);
    EXPECT_EQ(answer(key), "InvalidClientTokenId");
}

TEST_F(PropagationTest, AnInactiveKeyWorksForAWhileAndAReactivatedOneDoesNot) {
    const auto key = new_key();
    spread({.inactive = 5s, .reactivated = 7s});
    set_status(key, "Inactive");
    now = noon + 4s;
    EXPECT_EQ(answer(key), "yes");
    now = noon + 5s;
    EXPECT_EQ(answer(key), "InvalidClientTokenId");
    set_status(key, "Active");
    now = noon + 11s;
    EXPECT_EQ(answer(key), "InvalidClientTokenId");
    now = noon + 12s;
    EXPECT_EQ(answer(key), "yes");
}

TEST_F(PropagationTest, AnswersAlternateWhileItFlaps) {
    lab.set_propagation({.replicas = misbehaviour::flapping({.created = 10s}, 5s)});
    const auto key = new_key();
    now = noon + 12s;
    const auto first = answer(key);
    for (int i = 0; i < 3; ++i) {
        EXPECT_NE(answer(key), first);
        EXPECT_EQ(answer(key), first);
    }
    now = noon + 15s;
    for (int i = 0; i < 4; ++i) EXPECT_EQ(answer(key), "yes");
}

TEST_F(PropagationTest, EachServiceHearsOfItByItself) {
    lab.set_propagation({.services = {{"s3", {{.created = 20s}}}}});
    const auto key = new_key();
    EXPECT_EQ(answer(key), "yes");
    EXPECT_EQ(answer(key, "s3"), "InvalidAccessKeyId");
    now = noon + 20s;
    EXPECT_EQ(answer(key, "s3"), "yes");
}

TEST_F(PropagationTest, ANewPolicyAllowsNothingForAWhileAndAnOldOneStillDoes) {
    const auto key = new_key();
    spread({.policies = 8s});
    root().iam("DeleteUserPolicy", {{"UserName", "bob"}, {"PolicyName", "all"}});
    now = noon + 7s;
    EXPECT_EQ(answer(key, "s3"), "yes");
    now = noon + 8s;
    EXPECT_EQ(answer(key, "s3"), "AccessDenied");
    root().iam("AttachUserPolicy",
               {{"UserName", "bob"}, {"PolicyArn", "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"}});
    now = noon + 15s;
    EXPECT_EQ(answer(key, "s3"), "AccessDenied");
    now = noon + 16s;
    EXPECT_EQ(answer(key, "s3"), "yes");
}

TEST_F(PropagationTest, WhatAGroupGivesIsHeardOfLateToo) {
    const auto key = new_key();
    root().iam("DeleteUserPolicy", {{"UserName", "bob"}, {"PolicyName", "all"}});
    root().iam("CreateGroup", {{"GroupName", "readers"}});
    root().iam("AttachGroupPolicy",
               {{"GroupName", "readers"}, {"PolicyArn", "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"}});
    spread({.policies = 8s});
    root().iam("AddUserToGroup", {{"UserName", "bob"}, {"GroupName", "readers"}});
    now = noon + 7s;
    EXPECT_EQ(answer(key, "s3"), "AccessDenied");
    now = noon + 8s;
    EXPECT_EQ(answer(key, "s3"), "yes");
}

TEST_F(PropagationTest, WhomARoleTrustsIsHeardOfLate) {
    const auto key = new_key();
    const auto trust = [](std::string_view effect) {
        return R"({"Statement":{"Effect":")" + std::string(effect) +
               R"(","Principal":{"AWS":"arn:aws:iam::123456789012:user/bob"},"Action":"sts:AssumeRole"}})";
    };
    const auto assumed = [&] {
        const auto given =
            bob(key).query("sts", "AssumeRole",
                           {{"RoleArn", "arn:aws:iam::123456789012:role/r"}, {"RoleSessionName", "work"}});
        return given.status() == 200 ? "yes" : given.code();
    };
    spread({.policies = 8s});
    root().iam("CreateRole", {{"RoleName", "r"}, {"AssumeRolePolicyDocument", trust("Allow")}});
    now = noon + 7s;
    EXPECT_EQ(assumed(), "AccessDenied") << "nobody has heard of the role";
    now = noon + 8s;
    EXPECT_EQ(assumed(), "yes");
    root().iam("UpdateAssumeRolePolicy", {{"RoleName", "r"}, {"PolicyDocument", trust("Deny")}});
    now = noon + 15s;
    EXPECT_EQ(assumed(), "yes");
    now = noon + 16s;
    EXPECT_EQ(assumed(), "AccessDenied");
}

TEST_F(PropagationTest, ADeletedBucketIsListedForAWhileAndIsThereNoMore) {
    const auto listed = [&] { return root().s3("GET", "/").count("//Bucket"); };
    spread({.deleted_buckets = 5s});
    for (const char* bucket : {"/one", "/two"}) ASSERT_EQ(root().s3("PUT", bucket).status(), 200);
    EXPECT_EQ(listed(), 2u) << "a new one is there at once";
    ASSERT_EQ(root().s3("DELETE", "/one").status(), 204);
    now = noon + 4s;
    EXPECT_EQ(listed(), 2u);
    EXPECT_EQ(root().s3("HEAD", "/one").status(), 404);
    EXPECT_EQ(root().s3("DELETE", "/one").code(), "NoSuchBucket");
    now = noon + 5s;
    EXPECT_EQ(listed(), 1u);
}

TEST_F(PropagationTest, AWrongSecretIsRememberedAgainstItsKey) {
    const auto key = new_key();
    spread({.wrong_secret = 5s});
    const AccessKey wrong{key.id, Secret("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"), Secret()};
    EXPECT_EQ(answer(wrong), "SignatureDoesNotMatch");
    now = noon + 4s;
    EXPECT_EQ(answer(key), "SignatureDoesNotMatch");
    EXPECT_EQ(answer(key, "s3"), "yes") << "another service has not seen it";
    now = noon + 5s;
    EXPECT_EQ(answer(key), "yes") << "a refusal for that reason does not prolong it";
}

TEST_F(PropagationTest, ListsAreAsOldAsTheirReplica) {
    const auto old = new_key();
    now = noon + 1h;
    spread({.reads = 10s});
    const auto key = new_key();
    EXPECT_EQ(list(), "1 Active") << "a list may miss a key";
    now += 10s;
    EXPECT_EQ(list(), "2 Active");
    set_status(old, "Inactive");
    set_status(key, "Inactive");
    EXPECT_EQ(list(), "2 Active");
    now += 10s;
    EXPECT_EQ(list(), "2 Inactive");
    erase(old);
    EXPECT_EQ(list(), "2 Inactive") << "or show one that is gone";
    now += 10s;
    EXPECT_EQ(list(), "1 Inactive");
}

TEST_F(PropagationTest, WhoHasNotHeardOfAUserOrAKeySaysThatThereIsNone) {
    spread({.reads = 10s, .writes = 5s});
    root().iam("CreateUser", {{"UserName", "eve"}});
    EXPECT_EQ(root().iam("GetUser", {{"UserName", "eve"}}).code(), "NoSuchEntity");
    EXPECT_EQ(root().iam("CreateAccessKey", {{"UserName", "eve"}}).code(), "NoSuchEntity");
    now = noon + 10s;
    EXPECT_EQ(root().iam("GetUser", {{"UserName", "eve"}}).status(), 200);
    const auto key = new_key();
    EXPECT_EQ(erase(key).code(), "NoSuchEntity");
    EXPECT_EQ(root().iam("GetAccessKeyLastUsed", {{"AccessKeyId", key.id.text()}}).code(), "NoSuchEntity");
    now = noon + 15s;
    EXPECT_EQ(erase(key).status(), 200);
}

TEST_F(PropagationTest, LastUsedDataLags) {
    const auto key = new_key();
    const auto last_used = [&] {
        return root().iam("GetAccessKeyLastUsed", {{"AccessKeyId", key.id.text()}}).text("//LastUsedDate");
    };
    spread({.last_used = 1h});
    answer(key);
    EXPECT_EQ(last_used(), "");
    now = noon + 30min;
    answer(key);
    now = noon + 60min;
    EXPECT_EQ(last_used(), "2026-01-31T12:00:00Z");
    now = noon + 90min;
    EXPECT_EQ(last_used(), "2026-01-31T12:30:00Z");
}

TEST_F(PropagationTest, AResetReturnsToWhatTheRehearsalBeganWith) {
    Rehearsal rehearsal(lab, {.propagation = {.replicas = {{.created = 10s}}}});
    lab.set_propagation({});
    rehearsal.reset(noon);
    EXPECT_EQ(lab.propagation().horizon(), 10s);
    root().iam("CreateUser", {{"UserName", "bob"}});
    EXPECT_EQ(answer(new_key()), "InvalidClientTokenId");
}

}  // namespace
}  // namespace keytide::lab
