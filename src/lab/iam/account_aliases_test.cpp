// The alias of an account, and its summary.
#include <gtest/gtest.h>

#include "lab/signed_call.hpp"

namespace keytide::lab {
namespace {

class OfAccounts : public ::testing::Test {
protected:
    Answer create(const Client& who, std::string_view alias) {
        return who.iam("CreateAccountAlias", {{"AccountAlias", alias}});
    }
    std::string summary(const std::string& key) {
        return root.iam("GetAccountSummary").text(("//entry[key='" + key + "']/value").c_str());
    }

    Lab lab{
        {.account_ids = {"123456789012", "210987654321"}, .root_key = example_root_key(), .created = noon},
        seeded_randomness()};
    Client root = root_of(lab);
    Client other{lab, lab.root_key("210987654321").clone()};
};

TEST_F(OfAccounts, AnAliasIsOneAndNobodyElses) {
    EXPECT_EQ(root.iam("ListAccountAliases").count("//AccountAliases/member"), 0U);
    EXPECT_EQ(create(root, "acme").status(), 200);
    EXPECT_EQ(root.iam("ListAccountAliases").text("//AccountAliases/member"), "acme");
    const auto taken = create(other, "acme");
    EXPECT_EQ(taken.code(), "EntityAlreadyExists");
    EXPECT_EQ(taken.message(), "The account alias acme already exists.");
    EXPECT_EQ(create(root, "acme-2").status(), 200) << "which replaces the first";
    EXPECT_EQ(root.iam("ListAccountAliases").text("//AccountAliases/member"), "acme-2");
    EXPECT_EQ(create(other, "acme").status(), 200);
    EXPECT_EQ(root.iam("DeleteAccountAlias", {{"AccountAlias", "acme"}}).code(), "NoSuchEntity");
    EXPECT_EQ(root.iam("DeleteAccountAlias", {{"AccountAlias", "acme-2"}}).status(), 200);
    EXPECT_EQ(root.iam("ListAccountAliases").count("//AccountAliases/member"), 0U);
}

TEST_F(OfAccounts, AnAliasIsLowerCaseWithSingleHyphensInside) {
    for (const char* wrong : {"ab", "Acme", "-acme", "acme-", "ac--me", "ac_me", ""})
        EXPECT_EQ(create(root, wrong).code(), "ValidationError") << wrong;
    EXPECT_EQ(create(root, "a-1").status(), 200);
}

TEST_F(OfAccounts, TheSummaryCounts) {
    EXPECT_EQ(summary("Users"), "0");
    EXPECT_EQ(summary("AccountAccessKeysPresent"), "1");
    root.iam("CreateUser", {{"UserName", "bob"}});
    root.iam("CreateGroup", {{"GroupName", "g"}});
    root.iam("CreatePolicy", {{"PolicyName", "p"}, {"PolicyDocument", allow_everything}});
    root.iam("CreatePolicyVersion",
             {{"PolicyArn", "arn:aws:iam::123456789012:policy/p"}, {"PolicyDocument", allow_everything}});
    root.iam("CreateVirtualMFADevice", {{"VirtualMFADeviceName", "d"}});
    EXPECT_EQ(summary("Users"), "1");
    EXPECT_EQ(summary("Groups"), "1");
    EXPECT_EQ(summary("Policies"), "1");
    EXPECT_EQ(summary("PolicyVersionsInUse"), "2");
    EXPECT_EQ(summary("MFADevices"), "1");
    EXPECT_EQ(summary("MFADevicesInUse"), "0");
    EXPECT_EQ(summary("UsersQuota"), "5000");
    EXPECT_EQ(summary("AccessKeysPerUserQuota"), "2");
    EXPECT_EQ(summary("UserPolicySizeQuota"), "2048");
}

TEST_F(OfAccounts, RootKeysThatAreGoneAreNotCounted) {
    const auto admin = make_user(lab, "admin", allow_everything);
    root.iam("DeleteAccessKey", {{"AccessKeyId", example_root_key().id.text()}});
    EXPECT_EQ(admin.iam("GetAccountSummary").text("//entry[key='AccountAccessKeysPresent']/value"), "0");
}

}  // namespace
}  // namespace keytide::lab
