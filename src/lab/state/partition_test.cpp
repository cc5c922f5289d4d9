// Several accounts in one lab, and what goes between them.
#include <gtest/gtest.h>

#include "lab/signed_call.hpp"

namespace keytide::lab {
namespace {

constexpr const char* other = "210987654321";

class Accounts : public ::testing::Test {
protected:
    static Client root_of_account(Lab& lab, const AccountId& account) {
        return {lab, lab.root_key(account).clone()};
    }
    Answer make_role(std::string_view trust) {
        return theirs.iam("CreateRole", {{"RoleName", "guest"}, {"AssumeRolePolicyDocument", trust}});
    }
    Answer assume(const Client& who) {
        return who.sts("AssumeRole",
                       {{"RoleArn", "arn:aws:iam::210987654321:role/guest"}, {"RoleSessionName", "visit"}});
    }

    Lab lab{{.account_ids = {"123456789012", other}, .root_key = example_root_key(), .created = noon},
            seeded_randomness()};
    Client root = root_of(lab);
    Client theirs = root_of_account(lab, other);
};

TEST_F(Accounts, HaveTheirOwnRootUsersAndNames) {
    EXPECT_EQ(theirs.sts("GetCallerIdentity").text("//Arn"), "arn:aws:iam::210987654321:root");
    EXPECT_EQ(theirs.key.id.account(), other);
    root.iam("CreateUser", {{"UserName", "bob"}});
    EXPECT_EQ(theirs.iam("CreateUser", {{"UserName", "bob"}}).text("//Arn"),
              "arn:aws:iam::210987654321:user/bob");
    EXPECT_EQ(theirs.iam("ListUsers").count("//Users/member"), 1U);
    const auto key = created_key(root.iam("CreateAccessKey", {{"UserName", "bob"}}));
    EXPECT_EQ(theirs.iam("DeleteAccessKey", {{"UserName", "bob"}, {"AccessKeyId", key.id.text()}}).code(),
              "NoSuchEntity");
    EXPECT_EQ(theirs.sts("GetAccessKeyInfo", {{"AccessKeyId", key.id.text()}}).text("//Account"),
              "123456789012");
}

TEST_F(Accounts, ShareTheNamesOfBuckets) {
    EXPECT_EQ(root.s3("PUT", "/shared-name").status(), 200);
    const auto taken = theirs.s3("PUT", "/shared-name");
    EXPECT_EQ(taken.status(), 409);
    EXPECT_EQ(taken.code(), "BucketAlreadyExists");
    EXPECT_EQ(theirs.s3("GET", "/").count("//Bucket"), 0U);
}

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html
TEST_F(Accounts, BothSidesMustAllowWhoGoesFromOneToTheOther) {
    const auto bob = make_user(lab, "bob", allow_everything);
    const auto eve = make_user(lab, "eve");
    EXPECT_EQ(make_role(R"({"Statement":{"Effect":"Allow","Principal":{"AWS":["123456789012",
        "arn:aws:iam::123456789012:user/eve"]},"Action":"sts:AssumeRole"}})")
                  .status(),
              200);
    theirs.iam("PutRolePolicy",
               {{"RoleName", "guest"}, {"PolicyName", "p"}, {"PolicyDocument", allow_everything}});
    const auto visit = assume(bob);
    ASSERT_EQ(visit.status(), 200) << visit.reply.body;
    const Client session{lab, session_key(visit)};
    EXPECT_EQ(session.sts("GetCallerIdentity").text("//Arn"),
              "arn:aws:sts::210987654321:assumed-role/guest/visit");
    EXPECT_EQ(session.sts("GetCallerIdentity").text("//Account"), other);
    EXPECT_EQ(session.iam("CreateUser", {{"UserName", "new"}}).text("//Arn"),
              "arn:aws:iam::210987654321:user/new");
    EXPECT_EQ(assume(eve).code(), "AccessDenied")
        << "the role names her, but her own account gives her nothing";
    const auto theirs_alone = Client{lab, created_key(theirs.iam("CreateAccessKey", {{"UserName", "new"}}))};
    EXPECT_EQ(assume(theirs_alone).code(), "AccessDenied")
        << "of the role's own account, which is not trusted";
}

TEST_F(Accounts, AStrangersAccountCanBeToldByItsExternalId) {
    make_role(R"({"Statement":{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::123456789012:root"},
        "Action":"sts:AssumeRole","Condition":{"StringEquals":{"sts:ExternalId":"4711",
        "aws:PrincipalAccount":"123456789012"}}}})");
    const auto bob = make_user(lab, "bob", allow_everything);
    EXPECT_EQ(assume(bob).code(), "AccessDenied");
    EXPECT_EQ(bob.sts("AssumeRole", {{"RoleArn", "arn:aws:iam::210987654321:role/guest"},
                                     {"RoleSessionName", "visit"},
                                     {"ExternalId", "4711"}})
                  .status(),
              200);
}

}  // namespace
}  // namespace keytide::lab
