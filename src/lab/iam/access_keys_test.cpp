#include "lab/iam/access_keys.hpp"

#include <gtest/gtest.h>

#include "lab/signed_call.hpp"

namespace keytide::lab {
namespace {

class AccessKeys : public ::testing::Test {
protected:
    void SetUp() override { root.iam("CreateUser", {{"UserName", "bob"}}); }

    Lab lab = example_lab();
    Client root = root_of(lab);
};

TEST_F(AccessKeys, CarryTheAccountAndALongSecret) {
    const auto made = root.iam("CreateAccessKey", {{"UserName", "bob"}});
    EXPECT_EQ(made.text("//Status"), "Active");
    EXPECT_EQ(made.text("//CreateDate"), "2026-01-31T12:00:00Z");
    const auto key = created_key(made);
    EXPECT_TRUE(key.id.text().starts_with("AKIA"));
    EXPECT_EQ(key.id.account(), "123456789012");
    EXPECT_EQ(key.secret.size(), 40U);
    const auto list = root.iam("ListAccessKeys", {{"UserName", "bob"}});
    EXPECT_EQ(list.text("//AccessKeyMetadata/member/AccessKeyId"), key.id.text());
    EXPECT_EQ(list.text("//AccessKeyMetadata/member/UserName"), "bob");
    EXPECT_EQ(list.count("//SecretAccessKey"), 0U) << "a secret is shown once";
}

TEST_F(AccessKeys, TwoPerUserInactiveOnesCounted) {
    const auto first = created_key(root.iam("CreateAccessKey", {{"UserName", "bob"}}));
    root.iam("CreateAccessKey", {{"UserName", "bob"}});
    root.iam("UpdateAccessKey",
             {{"UserName", "bob"}, {"AccessKeyId", first.id.text()}, {"Status", "Inactive"}});
    EXPECT_EQ(root.iam("CreateAccessKey", {{"UserName", "bob"}}).code(), "LimitExceeded");
    root.iam("DeleteAccessKey", {{"UserName", "bob"}, {"AccessKeyId", first.id.text()}});
    EXPECT_EQ(root.iam("CreateAccessKey", {{"UserName", "bob"}}).status(), 200);
}

TEST_F(AccessKeys, RootHasTwoOfItsOwn) {
    EXPECT_EQ(root.iam("ListAccessKeys").text("//AccessKeyId"), "AKIAIOSFODNN7EXAMPLE");
    const auto second = Client{lab, created_key(root.iam("CreateAccessKey"))};
    EXPECT_EQ(root.iam("CreateAccessKey").code(), "LimitExceeded");
    EXPECT_EQ(second.iam("DeleteAccessKey", {{"AccessKeyId", "AKIAIOSFODNN7EXAMPLE"}}).status(), 200);
    EXPECT_EQ(root.sts("GetCallerIdentity").code(), "InvalidClientTokenId");
    EXPECT_EQ(second.sts("GetCallerIdentity").text("//UserId"), "123456789012");
}

TEST_F(AccessKeys, BelongToTheirUserOnly) {
    root.iam("CreateUser", {{"UserName", "eve"}});
    const auto key = created_key(root.iam("CreateAccessKey", {{"UserName", "bob"}}));
    const auto refused = root.iam("DeleteAccessKey", {{"UserName", "eve"}, {"AccessKeyId", key.id.text()}});
    EXPECT_EQ(refused.status(), 404);
    EXPECT_EQ(refused.code(), "NoSuchEntity");
    EXPECT_EQ(refused.message(), "The Access Key with id " + key.id.text() + " cannot be found.");
    EXPECT_EQ(root.iam("DeleteAccessKey", {{"AccessKeyId", key.id.text()}}).code(), "NoSuchEntity")
        << "not root's";
    EXPECT_EQ((Client{lab, key.clone()}.sts("GetCallerIdentity").status()), 200);
    EXPECT_EQ(root.iam("CreateAccessKey", {{"UserName", "nobody"}}).message(),
              "The user with name nobody cannot be found.");
}

TEST_F(AccessKeys, StatusIsActiveOrInactive) {
    const auto key = created_key(root.iam("CreateAccessKey", {{"UserName", "bob"}}));
    for (const char* status : {"Expired", "active", ""}) {
        const auto refused = root.iam(
            "UpdateAccessKey", {{"UserName", "bob"}, {"AccessKeyId", key.id.text()}, {"Status", status}});
        EXPECT_EQ(refused.code(), "ValidationError") << status;
        EXPECT_EQ(refused.message(),
                  "1 validation error detected: Value at 'status' failed to satisfy constraint: Member must "
                  "satisfy "
                  "enum value set: [Active, Inactive]");
    }
    EXPECT_EQ(root.iam("DeleteAccessKey", {{"UserName", "bob"}, {"AccessKeyId", "short"}}).code(),
              "ValidationError");
}

TEST_F(AccessKeys, RememberTheirLastUseInStepsOfFifteenMinutes) {
    const auto key = created_key(root.iam("CreateAccessKey", {{"UserName", "bob"}}));
    const auto last_used = [&] { return root.iam("GetAccessKeyLastUsed", {{"AccessKeyId", key.id.text()}}); };
    EXPECT_EQ(last_used().text("//ServiceName"), "N/A");
    EXPECT_EQ(last_used().count("//LastUsedDate"), 0U);
    EXPECT_EQ(last_used().text("//UserName"), "bob");

    auto bob = Client{lab, key.clone()};
    bob.sts("GetCallerIdentity");
    EXPECT_EQ(last_used().text("//LastUsedDate"), "2026-01-31T12:00:00Z");
    EXPECT_EQ(last_used().text("//ServiceName"), "sts");
    EXPECT_EQ(last_used().text("//Region"), "us-east-1");
    bob.now = noon + std::chrono::minutes(14);
    bob.s3("GET", "/");
    EXPECT_EQ(last_used().text("//LastUsedDate"), "2026-01-31T12:00:00Z");
    bob.now = noon + std::chrono::minutes(15);
    EXPECT_EQ(bob.s3("GET", "/").code(), "AccessDenied") << "a denied call is a use, too";
    EXPECT_EQ(last_used().text("//LastUsedDate"), "2026-01-31T12:15:00Z");
    EXPECT_EQ(last_used().text("//ServiceName"), "s3");
    EXPECT_EQ(root.iam("GetAccessKeyLastUsed", {{"AccessKeyId", "AKIAIOSFODNN7UNKNOWN"}}).code(),
              "NoSuchEntity");
}

}  // namespace
}  // namespace keytide::lab
