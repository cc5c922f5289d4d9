#include "lab/iam/boundaries.hpp"

#include <gtest/gtest.h>

#include "lab/signed_call.hpp"

namespace keytide::lab {
namespace {

constexpr const char* s3_only = "arn:aws:iam::aws:policy/AmazonS3FullAccess";

class Boundaries : public ::testing::Test {
protected:
    Lab lab = example_lab();
    Client root = root_of(lab);
    Client bob = make_user(lab, "bob", allow_everything);
};

TEST_F(Boundaries, KeepAUserInsideThem) {
    EXPECT_EQ(bob.iam("ListUsers").status(), 200);
    EXPECT_EQ(root.iam("PutUserPermissionsBoundary", {{"UserName", "bob"}, {"PermissionsBoundary", s3_only}})
                  .status(),
              200);
    const auto refused = bob.iam("ListUsers");
    EXPECT_EQ(refused.code(), "AccessDenied");
    EXPECT_TRUE(
        refused.message().ends_with("because no permissions boundary allows the iam:ListUsers action"))
        << refused.message();
    EXPECT_EQ(bob.s3("GET", "/").status(), 200);
    const auto shown = root.iam("GetUser", {{"UserName", "bob"}});
    EXPECT_EQ(shown.text("//PermissionsBoundary/PermissionsBoundaryArn"), s3_only);
    EXPECT_EQ(root.iam("GetPolicy", {{"PolicyArn", s3_only}}).text("//PermissionsBoundaryUsageCount"), "1");
    root.iam("DeleteUserPermissionsBoundary", {{"UserName", "bob"}});
    EXPECT_EQ(bob.iam("ListUsers").status(), 200);
}

TEST_F(Boundaries, GiveNothingBythemselves) {
    const auto eve = make_user(lab, "eve");
    root.iam("PutUserPermissionsBoundary", {{"UserName", "eve"}, {"PermissionsBoundary", s3_only}});
    EXPECT_EQ(eve.s3("GET", "/").code(), "AccessDenied");
}

TEST_F(Boundaries, MustExist) {
    const auto missing = root.iam(
        "CreateUser", {{"UserName", "eve"}, {"PermissionsBoundary", "arn:aws:iam::aws:policy/none"}});
    EXPECT_EQ(missing.status(), 404);
    EXPECT_EQ(missing.message(),
              "Scope ARN: arn:aws:iam::aws:policy/none does not exist or is not attachable.");
    EXPECT_EQ(root.iam("PutUserPermissionsBoundary",
                       {{"UserName", "bob"}, {"PermissionsBoundary", "arn:aws:s3:::bucket-of-mine"}})
                  .code(),
              "InvalidInput");
}

// The pattern for delegated administration: who makes users must bound them.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html#access_policies_boundaries-delegate
TEST_F(Boundaries, CanBeDemandedOfWhoMakesUsers) {
    const auto maker = make_user(lab, "maker", R"({"Statement":{"Effect":"Allow","Action":["iam:CreateUser",
        "iam:PutUserPolicy"],"Resource":"*","Condition":{"StringEquals":{"iam:PermissionsBoundary":
        "arn:aws:iam::aws:policy/AmazonS3FullAccess"}}}})");
    EXPECT_EQ(maker.iam("CreateUser", {{"UserName", "eve"}}).code(), "AccessDenied");
    EXPECT_EQ(maker.iam("CreateUser", {{"UserName", "eve"}, {"PermissionsBoundary", s3_only}}).status(), 200);
    const auto put = [&](std::string_view user) {
        return maker
            .iam("PutUserPolicy",
                 {{"UserName", user}, {"PolicyName", "p"}, {"PolicyDocument", allow_everything}})
            .status();
    };
    EXPECT_EQ(put("eve"), 200);
    EXPECT_EQ(put("bob"), 403) << "bob has no boundary";
}

}  // namespace
}  // namespace keytide::lab
