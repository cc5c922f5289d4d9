// Tags of users, roles and policies, and permissions that go by them and by boundaries.
#include "lab/iam/tagging.hpp"

#include <gtest/gtest.h>

#include "lab/signed_call.hpp"

namespace keytide::lab {
namespace {

class Tagging : public ::testing::Test {
protected:
    void SetUp() override { root.iam("CreateUser", {{"UserName", "bob"}}); }
    Answer tag(const Client& who, std::string_view key, std::string_view value,
               std::string_view user = "bob") {
        return who.iam("TagUser",
                       {{"UserName", user}, {"Tags.member.1.Key", key}, {"Tags.member.1.Value", value}});
    }

    Lab lab = example_lab();
    Client root = root_of(lab);
};

TEST_F(Tagging, KeysAreTheSameInAnyCaseOfLetters) {
    EXPECT_EQ(tag(root, "Team", "red").status(), 200);
    tag(root, "team", "blue");
    const auto tags = root.iam("ListUserTags", {{"UserName", "bob"}});
    EXPECT_EQ(tags.count("//Tags/member"), 1U);
    EXPECT_EQ(tags.text("//Tags/member/Key"), "team");
    EXPECT_EQ(tags.text("//Tags/member/Value"), "blue");
    EXPECT_EQ(root.iam("GetUser", {{"UserName", "bob"}}).text("//User/Tags/member/Value"), "blue");
    root.iam("UntagUser", {{"UserName", "bob"}, {"TagKeys.member.1", "TEAM"}});
    EXPECT_EQ(root.iam("ListUserTags", {{"UserName", "bob"}}).count("//Tags/member"), 0U);
    const auto twice = root.iam("TagUser", {{"UserName", "bob"},
                                            {"Tags.member.1.Key", "a"},
                                            {"Tags.member.1.Value", ""},
                                            {"Tags.member.2.Key", "A"},
                                            {"Tags.member.2.Value", ""}});
    EXPECT_EQ(twice.code(), "InvalidInput");
    EXPECT_EQ(twice.message(), "Duplicate tag keys found. Please note that Tag keys are case insensitive.");
}

TEST_F(Tagging, FiftyAtMostAndOfLettersThatTagsHave) {
    for (int i = 0; i < 50; ++i) EXPECT_EQ(tag(root, "key" + std::to_string(i), "v").status(), 200);
    EXPECT_EQ(tag(root, "one-more", "v").code(), "LimitExceeded");
    EXPECT_EQ(tag(root, "key7", "w").status(), 200);
    EXPECT_EQ(tag(root, "k!", "v").code(), "ValidationError");
    EXPECT_EQ(tag(root, "", "v").code(), "ValidationError");
    EXPECT_EQ(tag(root, std::string(129, 'k'), "v").code(), "ValidationError");
    EXPECT_EQ(tag(root, "k", std::string(257, 'v')).code(), "ValidationError");
    EXPECT_EQ(tag(root, "aws:k", "v").code(), "InvalidInput");
    EXPECT_EQ(root.iam("ListUserTags", {{"UserName", "bob"}, {"MaxItems", "20"}}).text("//IsTruncated"),
              "true");
}

TEST_F(Tagging, ComeWithTheirOwnerFromTheBeginning) {
    const auto made = root.iam(
        "CreateUser", {{"UserName", "eve"}, {"Tags.member.1.Key", "team"}, {"Tags.member.1.Value", "red"}});
    EXPECT_EQ(made.text("//User/Tags/member/Value"), "red");
    EXPECT_EQ(root.iam("CreateUser", {{"UserName", "ada"}, {"Tags", ""}}).status(), 200) << "an empty list";
    const auto maker = make_user(lab, "maker", R"({"Statement":{"Effect":"Allow","Action":"iam:CreateUser",
        "Resource":"*"}})");
    EXPECT_EQ(
        maker.iam("CreateUser", {{"UserName", "x"}, {"Tags.member.1.Key", "a"}, {"Tags.member.1.Value", "b"}})
            .message(),
        "User: arn:aws:iam::123456789012:user/maker is not authorized to perform: iam:TagUser on "
        "resource: arn:aws:iam::123456789012:user/x because no identity-based policy allows the "
        "iam:TagUser action");
    EXPECT_EQ(root.iam("GetUser", {{"UserName", "x"}}).code(), "NoSuchEntity") << "nothing is done by half";
}

TEST_F(Tagging, ArePermissionsOfWhoHasAndOfWhatHasThem) {
    const auto eve = make_user(lab, "eve", R"({"Version":"2012-10-17","Statement":[
        {"Effect":"Allow","Action":"iam:GetUser","Resource":"*","Condition":{"StringEquals":
            {"aws:ResourceTag/team":"${aws:PrincipalTag/team}"}}},
        {"Effect":"Allow","Action":"iam:TagUser","Resource":"*","Condition":{
            "StringEquals":{"aws:RequestTag/colour":["red","blue"]},
            "ForAllValues:StringEquals":{"aws:TagKeys":["colour"]}}}]})");
    const auto look = [&] { return eve.iam("GetUser", {{"UserName", "bob"}}).status(); };
    EXPECT_EQ(look(), 403);
    tag(root, "team", "red");
    EXPECT_EQ(look(), 403);
    tag(root, "team", "red", "eve");
    EXPECT_EQ(look(), 200);
    tag(root, "Team", "blue");
    EXPECT_EQ(look(), 403);
    EXPECT_EQ(tag(eve, "colour", "red").status(), 200);
    EXPECT_EQ(tag(eve, "colour", "green").status(), 403);
    EXPECT_EQ(tag(eve, "team", "red").status(), 403);
}

TEST_F(Tagging, OfPoliciesAreGovernedByTheTagsThatAreAsked) {
    root.iam("CreatePolicy", {{"PolicyName", "p"}, {"PolicyDocument", allow_everything}});
    const auto eve = make_user(lab, "eve", R"({"Statement":{"Effect":"Allow","Action":"iam:TagPolicy",
        "Resource":"*","Condition":{"StringEquals":{"aws:RequestTag/colour":"red"}}}})");
    const auto ask = [&](std::string_view value) {
        return eve
            .iam("TagPolicy", {{"PolicyArn", "arn:aws:iam::123456789012:policy/p"},
                               {"Tags.member.1.Key", "colour"},
                               {"Tags.member.1.Value", value}})
            .status();
    };
    EXPECT_EQ(ask("red"), 200);
    EXPECT_EQ(ask("blue"), 403);
}

TEST_F(Tagging, RolesAndPoliciesHaveThemToo) {
    root.iam("CreateRole", {{"RoleName", "r"}, {"AssumeRolePolicyDocument", R"({"Statement":{"Effect":"Allow",
                                "Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}})"}});
    EXPECT_EQ(
        root.iam("TagRole", {{"RoleName", "r"}, {"Tags.member.1.Key", "k"}, {"Tags.member.1.Value", "v"}})
            .status(),
        200);
    EXPECT_EQ(root.iam("ListRoleTags", {{"RoleName", "r"}}).text("//Tags/member/Key"), "k");
    EXPECT_EQ(root.iam("UntagRole", {{"RoleName", "r"}, {"TagKeys.member.1", "k"}}).status(), 200);
    root.iam("CreatePolicy", {{"PolicyName", "p"},
                              {"PolicyDocument", allow_everything},
                              {"Tags.member.1.Key", "k"},
                              {"Tags.member.1.Value", "v"}});
    constexpr const char* arn = "arn:aws:iam::123456789012:policy/p";
    EXPECT_EQ(root.iam("ListPolicyTags", {{"PolicyArn", arn}}).text("//Tags/member/Value"), "v");
    EXPECT_EQ(root.iam("UntagPolicy", {{"PolicyArn", arn}, {"TagKeys.member.1", "k"}}).status(), 200);
    EXPECT_EQ(root.iam("TagPolicy", {{"PolicyArn", "arn:aws:iam::aws:policy/ReadOnlyAccess"},
                                     {"Tags.member.1.Key", "k"},
                                     {"Tags.member.1.Value", "v"}})
                  .code(),
              "AccessDenied");
}

}  // namespace
}  // namespace keytide::lab
