#include "lab/iam/roles.hpp"

#include <gtest/gtest.h>

#include "lab/signed_call.hpp"

namespace keytide::lab {
namespace {

constexpr const char* trust = R"({"Version":"2012-10-17","Statement":{"Effect":"Allow",
    "Principal":{"AWS":"123456789012"},"Action":"sts:AssumeRole"}})";

class Roles : public ::testing::Test {
protected:
    Answer make(std::string_view name, std::string_view document) {
        return root.iam("CreateRole", {{"RoleName", name},
                                       {"Path", "/team/"},
                                       {"AssumeRolePolicyDocument", document},
                                       {"Description", "for tests"},
                                       {"MaxSessionDuration", "7200"}});
    }

    Lab lab = example_lab();
    Client root = root_of(lab);
};

TEST_F(Roles, AreMadeFoundListedAndDeleted) {
    const auto made = make("r", trust);
    EXPECT_EQ(made.text("/CreateRoleResponse/CreateRoleResult/Role/Arn"),
              "arn:aws:iam::123456789012:role/team/r")
        << made.reply.body;
    EXPECT_TRUE(made.text("//RoleId").starts_with("AROA"));
    const auto found = root.iam("GetRole", {{"RoleName", "r"}});
    EXPECT_EQ(signature::percent_decoded(found.text("//AssumeRolePolicyDocument")), trust);
    EXPECT_EQ(found.text("//MaxSessionDuration"), "7200");
    EXPECT_EQ(found.text("//Description"), "for tests");
    EXPECT_EQ(root.iam("ListRoles", {{"PathPrefix", "/team/"}}).text("//Roles/member/RoleName"), "r");
    EXPECT_EQ(make("R", trust).message(), "Role with name R already exists.");
    EXPECT_EQ(root.iam("DeleteRole", {{"RoleName", "r"}}).status(), 200);
    EXPECT_EQ(root.iam("GetRole", {{"RoleName", "r"}}).message(), "The role with name r cannot be found.");
}

TEST_F(Roles, AreUpdated) {
    make("r", trust);
    EXPECT_EQ(root.iam("UpdateRole", {{"RoleName", "r"}, {"MaxSessionDuration", "43200"}})
                  .count("/UpdateRoleResponse/UpdateRoleResult"),
              1U);
    EXPECT_EQ(root.iam("GetRole", {{"RoleName", "r"}}).text("//MaxSessionDuration"), "43200");
    EXPECT_EQ(root.iam("GetRole", {{"RoleName", "r"}}).text("//Description"), "for tests");
    EXPECT_EQ(
        root.iam("UpdateRoleDescription", {{"RoleName", "r"}, {"Description", "new"}}).text("//Description"),
        "new");
    EXPECT_EQ(root.iam("UpdateRole", {{"RoleName", "r"}, {"MaxSessionDuration", "3599"}}).code(),
              "ValidationError");
}

TEST_F(Roles, TrustOnlyWhoExists) {
    const auto trusting = [](std::string_view arn) {
        return R"({"Statement":{"Effect":"Allow","Principal":{"AWS":")" + std::string(arn) +
               R"("},"Action":"sts:AssumeRole"}})";
    };
    const auto refused = make("r", trusting("arn:aws:iam::123456789012:user/bob"));
    EXPECT_EQ(refused.status(), 400);
    EXPECT_EQ(refused.code(), "MalformedPolicyDocument");
    EXPECT_EQ(refused.message(),
              R"(Invalid principal in policy: "AWS":"arn:aws:iam::123456789012:user/bob")");
    root.iam("CreateUser", {{"UserName", "bob"}});
    EXPECT_EQ(make("r", trusting("arn:aws:iam::123456789012:user/bob")).status(), 200);
    EXPECT_EQ(
        root.iam("UpdateAssumeRolePolicy",
                 {{"RoleName", "r"}, {"PolicyDocument", trusting("arn:aws:iam::123456789012:role/none")}})
            .code(),
        "MalformedPolicyDocument");
    EXPECT_EQ(make("s", allow_everything).code(), "MalformedPolicyDocument") << "it trusts nobody";
    std::string long_one = trust;
    long_one.insert(long_one.find("{\"Effect") + 1, "\"Sid\":\"" + std::string(2048, 'x') + "\",");
    EXPECT_EQ(make("s", long_one).message(), "Cannot exceed quota for ACLSizePerRole: 2048");
}

TEST_F(Roles, WithPoliciesStay) {
    make("r", trust);
    root.iam("PutRolePolicy", {{"RoleName", "r"}, {"PolicyName", "p"}, {"PolicyDocument", allow_everything}});
    root.iam("AttachRolePolicy",
             {{"RoleName", "r"}, {"PolicyArn", "arn:aws:iam::aws:policy/ReadOnlyAccess"}});
    const auto remove = [&] { return root.iam("DeleteRole", {{"RoleName", "r"}}); };
    EXPECT_EQ(remove().message(), "Cannot delete entity, must detach all policies first.");
    root.iam("DetachRolePolicy",
             {{"RoleName", "r"}, {"PolicyArn", "arn:aws:iam::aws:policy/ReadOnlyAccess"}});
    EXPECT_EQ(remove().message(), "Cannot delete entity, must delete policies first.");
    root.iam("DeleteRolePolicy", {{"RoleName", "r"}, {"PolicyName", "p"}});
    EXPECT_EQ(remove().status(), 200);
}

}  // namespace
}  // namespace keytide::lab
