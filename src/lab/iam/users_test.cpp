#include "lab/iam/users.hpp"

#include <gtest/gtest.h>

#include "lab/signed_call.hpp"

namespace keytide::lab {
namespace {

class Users : public ::testing::Test {
protected:
    Lab lab = example_lab();
    Client root = root_of(lab);
};

TEST_F(Users, AreMadeFoundAndDeleted) {
    const auto made = root.iam("CreateUser", {{"UserName", "bob"}, {"Path", "/team/"}});
    EXPECT_EQ(made.text("/CreateUserResponse/CreateUserResult/User/Arn"),
              "arn:aws:iam::123456789012:user/team/bob");
    EXPECT_TRUE(made.text("//UserId").starts_with("AIDA"));
    EXPECT_EQ(made.text("//UserId").size(), 21U);
    EXPECT_EQ(made.text("//CreateDate"), "2026-01-31T12:00:00Z");
    const auto found = root.iam("GetUser", {{"UserName", "bob"}});
    EXPECT_EQ(found.text("//UserId"), made.text("//UserId"));
    EXPECT_EQ(found.text("//Path"), "/team/");
    const auto deleted = root.iam("DeleteUser", {{"UserName", "bob"}});
    EXPECT_EQ(deleted.count("/DeleteUserResponse/ResponseMetadata/RequestId"), 1U);
    EXPECT_EQ(deleted.count("//DeleteUserResult"), 0U);
    const auto gone = root.iam("GetUser", {{"UserName", "bob"}});
    EXPECT_EQ(gone.status(), 404);
    EXPECT_EQ(gone.message(), "The user with name bob cannot be found.");
}

TEST_F(Users, NamesAreUniqueInAnyCaseOfLetters) {
    root.iam("CreateUser", {{"UserName", "bob"}});
    const auto again = root.iam("CreateUser", {{"UserName", "BOB"}});
    EXPECT_EQ(again.status(), 409);
    EXPECT_EQ(again.code(), "EntityAlreadyExists");
    EXPECT_EQ(again.message(), "User with name BOB already exists.");
    root.iam("DeleteUser", {{"UserName", "bob"}});
    EXPECT_EQ(root.iam("CreateUser", {{"UserName", "BOB"}}).status(), 200);
}

TEST_F(Users, NamesObeyIamsPattern) {
    const auto bad = root.iam("CreateUser", {{"UserName", "bob smith"}});
    EXPECT_EQ(bad.status(), 400);
    EXPECT_EQ(bad.code(), "ValidationError");
    EXPECT_EQ(bad.message(),
              "The specified value for userName is invalid. It must contain only alphanumeric characters "
              "and/or the "
              "following: +=,.@_-");
    EXPECT_EQ(root.iam("CreateUser", {{"UserName", std::string(65, 'a')}}).message(),
              "1 validation error detected: Value at 'userName' failed to satisfy constraint: Member must "
              "have length "
              "less than or equal to 64");
    EXPECT_EQ(root.iam("CreateUser", {{"UserName", ""}}).code(), "ValidationError");
    EXPECT_EQ(root.iam("CreateUser").message(),
              "1 validation error detected: Value null at 'userName' failed to satisfy constraint: Member "
              "must not be "
              "null");
    EXPECT_EQ(root.iam("CreateUser", {{"UserName", "a+b=c,d.e@f_g-h"}}).status(), 200);
    EXPECT_EQ(root.iam("CreateUser", {{"UserName", "eve"}, {"Path", "team"}}).code(), "ValidationError");
    EXPECT_EQ(root.iam("DeleteUser").code(), "ValidationError") << "never the caller itself";
}

TEST_F(Users, CannotBeDeletedWithKeysOrPolicies) {
    root.iam("CreateUser", {{"UserName", "bob"}});
    const auto key = created_key(root.iam("CreateAccessKey", {{"UserName", "bob"}}));
    root.iam("PutUserPolicy",
             {{"UserName", "bob"},
              {"PolicyName", "p"},
              {"PolicyDocument", R"({"Statement":{"Effect":"Allow","Action":"*","Resource":"*"}})"}});
    const auto refused = root.iam("DeleteUser", {{"UserName", "bob"}});
    EXPECT_EQ(refused.status(), 409);
    EXPECT_EQ(refused.code(), "DeleteConflict");
    EXPECT_EQ(refused.message(), "Cannot delete entity, must delete access keys first.");
    root.iam("DeleteAccessKey", {{"UserName", "bob"}, {"AccessKeyId", key.id.text()}});
    EXPECT_EQ(root.iam("DeleteUser", {{"UserName", "bob"}}).message(),
              "Cannot delete entity, must delete policies first.");
    root.iam("DeleteUserPolicy", {{"UserName", "bob"}, {"PolicyName", "p"}});
    EXPECT_EQ(root.iam("DeleteUser", {{"UserName", "bob"}}).status(), 200);
}

TEST_F(Users, AreListedPageByPage) {
    for (int i = 0; i < 25; ++i)
        root.iam("CreateUser",
                 {{"UserName", "user" + std::to_string(10 + i)}, {"Path", i % 2 == 0 ? "/even/" : "/"}});
    std::string marker, names;
    int pages = 0;
    do {
        const auto page = marker.empty() ? root.iam("ListUsers", {{"MaxItems", "10"}})
                                         : root.iam("ListUsers", {{"MaxItems", "10"}, {"Marker", marker}});
        ++pages;
        for (int i = 1; i <= int(page.count("//Users/member")); ++i)
            names += page.text(("//Users/member[" + std::to_string(i) + "]/UserName").c_str()) + " ";
        marker = page.text("//Marker");
        EXPECT_EQ(page.text("//IsTruncated"), marker.empty() ? "false" : "true");
        root.iam("DeleteUser", {{"UserName", "user19"}});  // the last one of the first page
    } while (!marker.empty());
    EXPECT_EQ(pages, 3);
    std::string expected;
    for (int i = 10; i < 35; ++i) expected += "user" + std::to_string(i) + " ";
    EXPECT_EQ(names, expected);
    EXPECT_EQ(root.iam("ListUsers", {{"PathPrefix", "/even/"}}).count("//Users/member"), 13U);
    EXPECT_EQ(root.iam("ListUsers", {{"MaxItems", "0"}}).code(), "ValidationError");
    EXPECT_EQ(root.iam("ListUsers", {{"MaxItems", "1001"}}).code(), "ValidationError");
    EXPECT_EQ(root.iam("ListUsers", {{"MaxItems", "ten"}}).code(), "ValidationError");
    EXPECT_EQ(root.iam("ListUsers", {{"Marker", "nonsense"}}).message(), "Invalid Marker.");
}

TEST_F(Users, WithoutANameTheCallerIsMeant) {
    EXPECT_EQ(root.iam("GetUser").text("//Arn"), "arn:aws:iam::123456789012:root");
    root.iam("CreateUser", {{"UserName", "bob"}});
    const auto bob = Client{lab, created_key(root.iam("CreateAccessKey", {{"UserName", "bob"}}))};
    root.iam("PutUserPolicy", {{"UserName", "bob"},
                               {"PolicyName", "self"},
                               {"PolicyDocument", R"({"Statement":{"Effect":"Allow","Action":"iam:*",
                                     "Resource":"arn:aws:iam::123456789012:user/bob"}})"}});
    EXPECT_EQ(bob.iam("GetUser").text("//UserName"), "bob");
    EXPECT_EQ(bob.iam("CreateAccessKey").text("//UserName"), "bob");
    EXPECT_EQ(bob.iam("ListAccessKeys").count("//AccessKeyMetadata/member"), 2U);
}

TEST_F(Users, KeepTheirIdKeysAndPoliciesUnderANewName) {
    const auto bob = make_user(lab, "bob", allow_everything);
    const auto id = root.iam("GetUser", {{"UserName", "bob"}}).text("//UserId");
    const auto renamed =
        root.iam("UpdateUser", {{"UserName", "bob"}, {"NewUserName", "robert"}, {"NewPath", "/team/"}});
    EXPECT_EQ(renamed.status(), 200) << renamed.reply.body;
    const auto found = root.iam("GetUser", {{"UserName", "robert"}});
    EXPECT_EQ(found.text("//UserId"), id);
    EXPECT_EQ(found.text("//Arn"), "arn:aws:iam::123456789012:user/team/robert");
    EXPECT_EQ(root.iam("GetUser", {{"UserName", "bob"}}).code(), "NoSuchEntity");
    EXPECT_EQ(bob.sts("GetCallerIdentity").text("//Arn"), "arn:aws:iam::123456789012:user/team/robert");
    EXPECT_EQ(bob.s3("GET", "/").status(), 200);
    EXPECT_EQ(bob.iam("ListAccessKeys").text("//AccessKeyMetadata/member/UserName"), "robert");
    root.iam("CreateUser", {{"UserName", "eve"}});
    EXPECT_EQ(root.iam("UpdateUser", {{"UserName", "eve"}, {"NewUserName", "ROBERT"}}).code(),
              "EntityAlreadyExists");
    EXPECT_EQ(root.iam("UpdateUser", {{"UserName", "robert"}, {"NewUserName", "Robert"}}).status(), 200)
        << "its own name in another case of letters";
    EXPECT_EQ(root.iam("CreateUser", {{"UserName", "bob"}}).status(), 200) << "the old name is free";
}

TEST_F(Users, WhoRenamesMustBeAllowedUnderBothNames) {
    root.iam("CreateUser", {{"UserName", "eve"}});
    const auto bob = make_user(lab, "bob", R"({"Statement":{"Effect":"Allow","Action":"iam:UpdateUser",
        "Resource":["arn:aws:iam::123456789012:user/eve","arn:aws:iam::123456789012:user/team/*"]}})");
    EXPECT_EQ(bob.iam("UpdateUser", {{"UserName", "eve"}, {"NewUserName", "root"}}).code(), "AccessDenied");
    EXPECT_EQ(bob.iam("UpdateUser", {{"UserName", "eve"}, {"NewPath", "/team/"}}).status(), 200);
}

}  // namespace
}  // namespace keytide::lab
