#include "lab/iam/managed_policies.hpp"

#include <gtest/gtest.h>

#include "lab/signed_call.hpp"

namespace keytide::lab {
namespace {

constexpr const char* arn = "arn:aws:iam::123456789012:policy/team/p";
constexpr const char* read_only = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess";
constexpr const char* deny = R"({"Statement":{"Effect":"Deny","Action":"s3:*","Resource":"*"}})";

class ManagedPolicies : public ::testing::Test {
protected:
    void SetUp() override {
        made = root.iam("CreatePolicy", {{"PolicyName", "p"},
                                         {"Path", "/team/"},
                                         {"Description", "for tests"},
                                         {"PolicyDocument", allow_everything}});
    }
    Answer version(std::string_view document, std::string_view in_force = "true") {
        return root.iam("CreatePolicyVersion",
                        {{"PolicyArn", arn}, {"PolicyDocument", document}, {"SetAsDefault", in_force}});
    }

    Lab lab = example_lab();
    Client root = root_of(lab);
    Answer made;
};

TEST_F(ManagedPolicies, AreMadeAndFound) {
    EXPECT_EQ(made.text("/CreatePolicyResponse/CreatePolicyResult/Policy/Arn"), arn) << made.reply.body;
    EXPECT_TRUE(made.text("//PolicyId").starts_with("ANPA"));
    const auto found = root.iam("GetPolicy", {{"PolicyArn", arn}});
    EXPECT_EQ(found.text("//DefaultVersionId"), "v1");
    EXPECT_EQ(found.text("//Description"), "for tests");
    EXPECT_EQ(found.text("//AttachmentCount"), "0");
    EXPECT_EQ(root.iam("CreatePolicy", {{"PolicyName", "P"}, {"PolicyDocument", deny}}).message(),
              "A policy called P already exists. Duplicate names are not allowed.");
    EXPECT_EQ(root.iam("CreatePolicy", {{"PolicyName", "q"}, {"PolicyDocument", "{"}}).code(),
              "MalformedPolicyDocument");
    EXPECT_EQ(root.iam("GetPolicy", {{"PolicyArn", "arn:aws:iam::123456789012:policy/p"}}).message(),
              "Policy arn:aws:iam::123456789012:policy/p was not found.")
        << "the path is part of the name";
    EXPECT_EQ(root.iam("GetPolicy", {{"PolicyArn", "arn:aws:s3:::bucket-with-a-name"}}).code(),
              "InvalidInput");
}

TEST_F(ManagedPolicies, TheVersionInForceDecides) {
    const auto bob = make_user(lab, "bob");
    root.iam("AttachUserPolicy", {{"UserName", "bob"}, {"PolicyArn", arn}});
    EXPECT_EQ(bob.s3("GET", "/").status(), 200);
    EXPECT_EQ(version(deny, "false").text("//VersionId"), "v2");
    EXPECT_EQ(bob.s3("GET", "/").status(), 200);
    root.iam("SetDefaultPolicyVersion", {{"PolicyArn", arn}, {"VersionId", "v2"}});
    EXPECT_EQ(bob.s3("GET", "/").code(), "AccessDenied");
    EXPECT_EQ(version(allow_everything).text("//IsDefaultVersion"), "true");
    EXPECT_EQ(bob.s3("GET", "/").status(), 200);
    root.iam("DetachUserPolicy", {{"UserName", "bob"}, {"PolicyArn", arn}});
    EXPECT_EQ(bob.s3("GET", "/").code(), "AccessDenied");
}

TEST_F(ManagedPolicies, HaveFiveVersionsAtMostWhoseNumbersNeverComeBack) {
    for (int i = 2; i <= 5; ++i) EXPECT_EQ(version(deny).status(), 200);
    const auto sixth = version(deny);
    EXPECT_EQ(sixth.status(), 409);
    EXPECT_EQ(
        sixth.message(),
        "A managed policy can have up to 5 versions. Before you create a new version, you must delete an "
        "existing version.");
    EXPECT_EQ(root.iam("DeletePolicyVersion", {{"PolicyArn", arn}, {"VersionId", "v5"}}).message(),
              "Cannot delete the default version of a policy.");
    EXPECT_EQ(root.iam("DeletePolicyVersion", {{"PolicyArn", arn}, {"VersionId", "v4"}}).status(), 200);
    EXPECT_EQ(version(deny, "false").text("//VersionId"), "v6");
    EXPECT_EQ(root.iam("GetPolicyVersion", {{"PolicyArn", arn}, {"VersionId", "v4"}}).code(), "NoSuchEntity");
    EXPECT_EQ(signature::percent_decoded(
                  root.iam("GetPolicyVersion", {{"PolicyArn", arn}, {"VersionId", "v1"}}).text("//Document")),
              allow_everything);
    EXPECT_EQ(root.iam("ListPolicyVersions", {{"PolicyArn", arn}}).count("//Versions/member"), 5U);
    EXPECT_EQ(root.iam("GetPolicyVersion", {{"PolicyArn", arn}, {"VersionId", "4"}}).code(),
              "ValidationError");
    EXPECT_EQ(root.iam("DeletePolicy", {{"PolicyArn", arn}}).code(), "DeleteConflict");
}

TEST_F(ManagedPolicies, StayWhileTheyAreUsed) {
    root.iam("CreateUser", {{"UserName", "bob"}});
    root.iam("AttachUserPolicy", {{"UserName", "bob"}, {"PolicyArn", arn}});
    EXPECT_EQ(root.iam("GetPolicy", {{"PolicyArn", arn}}).text("//AttachmentCount"), "1");
    EXPECT_EQ(root.iam("DeletePolicy", {{"PolicyArn", arn}}).message(),
              "Cannot delete a policy attached to entities.");
    EXPECT_EQ(root.iam("DeleteUser", {{"UserName", "bob"}}).message(),
              "Cannot delete entity, must detach all policies first.");
    const auto entities = root.iam("ListEntitiesForPolicy", {{"PolicyArn", arn}});
    EXPECT_EQ(entities.text("//PolicyUsers/member/UserName"), "bob");
    EXPECT_EQ(entities.count("//PolicyRoles"), 1U);
    EXPECT_EQ(entities.text("//IsTruncated"), "false");
    EXPECT_EQ(root.iam("ListAttachedUserPolicies", {{"UserName", "bob"}}).text("//PolicyArn"), arn);
    root.iam("DetachUserPolicy", {{"UserName", "bob"}, {"PolicyArn", arn}});
    EXPECT_EQ(root.iam("DetachUserPolicy", {{"UserName", "bob"}, {"PolicyArn", arn}}).message(),
              "Policy arn:aws:iam::123456789012:policy/team/p was not found.");
    EXPECT_EQ(root.iam("DeletePolicy", {{"PolicyArn", arn}}).status(), 200);
    EXPECT_EQ(root.iam("AttachUserPolicy", {{"UserName", "bob"}, {"PolicyArn", arn}}).message(),
              "Policy arn:aws:iam::123456789012:policy/team/p does not exist or is not attachable.");
}

TEST_F(ManagedPolicies, TenAreAttachedAtMost) {
    root.iam("CreateUser", {{"UserName", "bob"}});
    for (int i = 0; i < 11; ++i) {
        const auto name = "q" + std::to_string(i);
        root.iam("CreatePolicy", {{"PolicyName", name}, {"PolicyDocument", deny}});
        const auto attached =
            root.iam("AttachUserPolicy",
                     {{"UserName", "bob"}, {"PolicyArn", "arn:aws:iam::123456789012:policy/" + name}});
        EXPECT_EQ(attached.message(), i < 10 ? "" : "Cannot exceed quota for PoliciesPerUser: 10");
    }
}

TEST_F(ManagedPolicies, HoldSixThousandOneHundredAndFortyFourCharacters) {
    const auto sized = [](std::size_t size) {
        std::string text = R"({"Statement":{"Sid":"","Effect":"Deny","Action":"*","Resource":"*"}})";
        text.insert(text.find("\"\"") + 1, std::string(size - text.size(), 'x'));
        return text + " \n";  // white space does not count
    };
    EXPECT_EQ(version(sized(6144)).status(), 200);
    EXPECT_EQ(version(sized(6145)).message(), "Cannot exceed quota for PolicySize: 6144");
}

TEST_F(ManagedPolicies, OfAwsAreThereAndCannotBeChanged) {
    const auto bob = make_user(lab, "bob");
    root.iam("AttachUserPolicy", {{"UserName", "bob"}, {"PolicyArn", read_only}});
    EXPECT_EQ(bob.s3("GET", "/").status(), 200);
    EXPECT_EQ(bob.s3("PUT", "/bucket").code(), "AccessDenied");
    const auto found = root.iam("GetPolicy", {{"PolicyArn", read_only}});
    EXPECT_EQ(found.text("//DefaultVersionId"), "v3");
    EXPECT_EQ(found.text("//AttachmentCount"), "1");
    EXPECT_EQ(root.iam("CreatePolicyVersion", {{"PolicyArn", read_only}, {"PolicyDocument", deny}}).code(),
              "AccessDenied");
    EXPECT_EQ(root.iam("DeletePolicy", {{"PolicyArn", read_only}}).code(), "AccessDenied");
    EXPECT_EQ(root.iam("ListPolicies", {{"Scope", "AWS"}}).count("//Policies/member"), 8U);
    EXPECT_EQ(root.iam("ListPolicies", {{"Scope", "Local"}}).text("//Policies/member/PolicyName"), "p");
    EXPECT_EQ(root.iam("ListPolicies", {{"OnlyAttached", "true"}}).text("//Policies/member/Arn"), read_only);
    EXPECT_EQ(root.iam("ListPolicies", {{"Scope", "Mine"}}).code(), "ValidationError");
}

}  // namespace
}  // namespace keytide::lab
