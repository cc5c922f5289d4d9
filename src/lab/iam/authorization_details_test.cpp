#include "lab/iam/authorization_details.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lab/signed_call.hpp"

namespace keytide::lab {
namespace {

using ::testing::ElementsAre;

constexpr const char* trust = R"({"Version":"2012-10-17","Statement":{"Effect":"Allow",
    "Principal":{"AWS":"123456789012"},"Action":"sts:AssumeRole"}})";
constexpr const char* own = "arn:aws:iam::123456789012:policy/own";
constexpr const char* audit = "arn:aws:iam::aws:policy/SecurityAudit";
constexpr const char* names =
    "//*[self::UserDetailList or self::GroupDetailList or self::RoleDetailList or self::Policies]/member/"
    "*[self::UserName or self::GroupName or self::RoleName or self::PolicyName]";

class AuthorizationDetails : public ::testing::Test {
protected:
    void SetUp() override {
        const auto done = [&](std::string_view action, Fields fields) {
            ASSERT_EQ(root.iam(action, fields).status(), 200) << action;
        };
        done("CreatePolicy", {{"PolicyName", "own"}, {"PolicyDocument", allow_everything}});
        done("CreatePolicyVersion", {{"PolicyArn", own}, {"PolicyDocument", allow_everything}});
        for (const char* user : {"bob", "alice"})
            done("CreateUser", {{"UserName", user}, {"PermissionsBoundary", own}});
        done("TagUser", {{"UserName", "bob"}, {"Tags.member.1.Key", "k"}, {"Tags.member.1.Value", "v"}});
        done("PutUserPolicy",
             {{"UserName", "bob"}, {"PolicyName", "p"}, {"PolicyDocument", allow_everything}});
        done("CreateGroup", {{"GroupName", "staff"}});
        done("AddUserToGroup", {{"GroupName", "staff"}, {"UserName", "bob"}});
        done("AttachGroupPolicy", {{"GroupName", "staff"}, {"PolicyArn", audit}});
        done("CreateRole", {{"RoleName", "app"}, {"AssumeRolePolicyDocument", trust}});
    }
    Answer ask(Fields fields = {}) { return root.iam("GetAccountAuthorizationDetails", fields); }
    static std::vector<std::string> texts(const Answer& answer, const char* path) {
        pugi::xml_document document;
        document.load_buffer(answer.reply.body.data(), answer.reply.body.size());
        std::vector<std::string> found;
        for (const auto& node : document.select_nodes(path)) found.emplace_back(node.node().text().get());
        return found;
    }

    Lab lab = example_lab();
    Client root = root_of(lab);
};

TEST_F(AuthorizationDetails, TellOfEverybodyAndWhatTheyHold) {
    const auto all = ask();
    EXPECT_THAT(texts(all, names), ElementsAre("alice", "bob", "staff", "app", "own", "SecurityAudit"));
    EXPECT_EQ(all.text("//IsTruncated"), "false");
    const std::string bob = "//UserDetailList/member[UserName='bob']";
    EXPECT_EQ(all.text((bob + "/GroupList/member").c_str()), "staff");
    EXPECT_EQ(all.text((bob + "/PermissionsBoundary/PermissionsBoundaryArn").c_str()), own);
    EXPECT_EQ(all.text((bob + "/Tags/member/Value").c_str()), "v");
    EXPECT_EQ(signature::percent_decoded(all.text((bob + "/UserPolicyList/member/PolicyDocument").c_str())),
              allow_everything);
    EXPECT_EQ(all.text("//GroupDetailList/member/AttachedManagedPolicies/member/PolicyArn"), audit);
    EXPECT_EQ(signature::percent_decoded(all.text("//RoleDetailList/member/AssumeRolePolicyDocument")),
              trust);
    const std::string policy = "//Policies/member[PolicyName='own']";
    EXPECT_THAT(texts(all, (policy + "/PolicyVersionList/member/VersionId").c_str()),
                ElementsAre("v2", "v1"));
    EXPECT_THAT(texts(all, (policy + "/PolicyVersionList/member/IsDefaultVersion").c_str()),
                ElementsAre("false", "true"));
    EXPECT_EQ(all.text((policy + "/PermissionsBoundaryUsageCount").c_str()), "2");
}

TEST_F(AuthorizationDetails, AreFilteredByKind) {
    EXPECT_THAT(texts(ask({{"Filter.member.1", "User"}}), names), ElementsAre("alice", "bob"));
    EXPECT_THAT(texts(ask({{"Filter.member.1", "AWSManagedPolicy"}}), names), ElementsAre("SecurityAudit"))
        << "of AWS's those that somebody has";
    EXPECT_THAT(texts(ask({{"Filter.member.1", "LocalManagedPolicy"}, {"Filter.member.2", "Role"}}), names),
                ElementsAre("app", "own"));
    EXPECT_EQ(ask({{"Filter.member.1", "Device"}}).code(), "ValidationError");
}

TEST_F(AuthorizationDetails, ComeInPagesAcrossAllKinds) {
    std::vector<std::string> seen;
    std::string marker;
    for (int page = 0; page < 3; ++page) {
        const auto got = page == 0 ? ask({{"MaxItems", "2"}}) : ask({{"MaxItems", "2"}, {"Marker", marker}});
        for (auto& name : texts(got, names)) seen.push_back(std::move(name));
        marker = got.text("//Marker");
        EXPECT_EQ(got.text("//IsTruncated"), page == 2 ? "false" : "true");
        if (page == 0) root.iam("CreateUser", {{"UserName", "aaron"}});  // before what was seen
    }
    EXPECT_THAT(seen, ElementsAre("alice", "bob", "staff", "app", "own", "SecurityAudit"));
    EXPECT_EQ(ask({{"Marker", "no marker"}}).code(), "ValidationError");
    EXPECT_EQ(ask({{"MaxItems", "1001"}}).code(), "ValidationError");
}

}  // namespace
}  // namespace keytide::lab
