// Tags of stacks, and lists of many pages.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lab/signed_call.hpp"

namespace keytide::lab {
namespace {

using ::testing::ElementsAre;

constexpr const char* text = R"(
Resources:
  User: {Type: AWS::IAM::User, Properties: {UserName: bob, Tags: [{Key: team, Value: red}]}}
  Group: {Type: AWS::IAM::Group}
)";

class StackTags : public ::testing::Test {
protected:
    Answer call(std::string_view action, Fields fields = {}) const {
        return root_.query("cloudformation", action, fields);
    }
    Answer put(std::string_view action, std::string_view team, std::string_view cost) const {
        return call(action, {{"StackName", "s"},
                             {"TemplateBody", text},
                             {"Capabilities.member.1", "CAPABILITY_NAMED_IAM"},
                             {"Tags.member.1.Key", "team"},
                             {"Tags.member.1.Value", team},
                             {"Tags.member.2.Key", "cost"},
                             {"Tags.member.2.Value", cost}});
    }
    Answer put_plain(std::string_view action, std::string_view name, std::string_view value) const {
        return call(action, {{"StackName", "s"},
                             {"TemplateBody", text},
                             {"Capabilities.member.1", "CAPABILITY_NAMED_IAM"},
                             {name, value}});
    }
    std::string of_user(const std::string& key) const {
        return root_.iam("ListUserTags", {{"UserName", "bob"}})
            .text(("//member[Key='" + key + "']/Value").c_str());
    }
    std::string of_stack(const std::string& key) const {
        return call("DescribeStacks", {{"StackName", "s"}})
            .text(("//Tags/member[Key='" + key + "']/Value").c_str());
    }
    std::string status() const { return call("DescribeStacks", {{"StackName", "s"}}).text("//StackStatus"); }

    Lab lab_ = example_lab();
    Client root_ = root_of(lab_);
};

TEST_F(StackTags, GoToItsResourcesUnlessThoseSayOtherwise) {
    ASSERT_EQ(put("CreateStack", "blue", "42").status(), 200);
    EXPECT_EQ(of_stack("team"), "blue");
    EXPECT_EQ(of_user("cost"), "42");
    EXPECT_EQ(of_user("team"), "red") << "its own";
}

TEST_F(StackTags, AreUpdatedAloneAndStayWhenNothingIsSaid) {
    put("CreateStack", "blue", "42");
    EXPECT_EQ(put("UpdateStack", "blue", "42").message(), "No updates are to be performed.");
    ASSERT_EQ(put("UpdateStack", "blue", "43").status(), 200);
    EXPECT_EQ(status(), "UPDATE_COMPLETE");
    EXPECT_EQ(of_user("cost"), "43");
    EXPECT_EQ(of_stack("cost"), "43");
    EXPECT_EQ(put_plain("UpdateStack", "Description", "").message(), "No updates are to be performed.");
    ASSERT_EQ(put_plain("UpdateStack", "Tags", "").status(), 200) << "an empty list takes them away";
    EXPECT_EQ(of_user("cost"), "");
    EXPECT_EQ(of_user("team"), "red");
    EXPECT_EQ(call("DescribeStacks", {{"StackName", "s"}}).count("//Tags/member"), 0U);
}

TEST_F(StackTags, AreSeenInChangeSets) {
    put("CreateStack", "blue", "42");
    call("CreateChangeSet", {{"StackName", "s"},
                             {"ChangeSetName", "c"},
                             {"UsePreviousTemplate", "true"},
                             {"Capabilities.member.1", "CAPABILITY_NAMED_IAM"},
                             {"Tags.member.1.Key", "cost"},
                             {"Tags.member.1.Value", "44"}});
    const auto described = call("DescribeChangeSet", {{"StackName", "s"}, {"ChangeSetName", "c"}});
    EXPECT_EQ(described.text("//Tags/member/Value"), "44");
    EXPECT_EQ(described.count("//Changes/member"), 1U) << "groups take no tags";
    EXPECT_EQ(described.text("//ResourceChange/Scope/member"), "Tags");
    EXPECT_EQ(described.text("//ResourceChange/Replacement"), "False");
    EXPECT_EQ(of_stack("cost"), "42");
    call("ExecuteChangeSet", {{"StackName", "s"}, {"ChangeSetName", "c"}});
    EXPECT_EQ(of_stack("cost"), "44");
    EXPECT_EQ(of_user("cost"), "44");
}

TEST_F(StackTags, AreRefusedWhenTheyAreNone) {
    const auto refused = [&](std::string_view key) {
        return call("CreateStack", {{"StackName", "s"},
                                    {"TemplateBody", text},
                                    {"Capabilities.member.1", "CAPABILITY_NAMED_IAM"},
                                    {"Tags.member.1.Key", key},
                                    {"Tags.member.1.Value", "x"}})
            .code();
    };
    EXPECT_EQ(refused("aws:mine"), "ValidationError");
    EXPECT_EQ(refused(""), "ValidationError");
}

class StackPages : public StackTags {};

TEST_F(StackPages, GoOnWhereTheyEnded) {
    std::string many = "Resources:\n";
    for (int i = 0; i < 120; ++i) many += "  G" + std::to_string(i) + ": {Type: AWS::IAM::Group}\n";
    ASSERT_EQ(call("CreateStack",
                   {{"StackName", "s"}, {"TemplateBody", many}, {"Capabilities.member.1", "CAPABILITY_IAM"}})
                  .status(),
              200);
    ASSERT_EQ(status(), "CREATE_COMPLETE");
    const auto pages = [&](std::string_view action, const char* path) {
        std::vector<std::size_t> sizes;
        for (std::string token; sizes.size() < 10;) {
            const auto got = token.empty() ? call(action, {{"StackName", "s"}})
                                           : call(action, {{"StackName", "s"}, {"NextToken", token}});
            sizes.push_back(got.count(path));
            token = got.text("//NextToken");
            if (token.empty()) break;
        }
        return sizes;
    };
    EXPECT_THAT(pages("ListStackResources", "//StackResourceSummaries/member"), ElementsAre(100, 20));
    EXPECT_THAT(pages("DescribeStackEvents", "//StackEvents/member"), ElementsAre(100, 100, 100, 62))
        << "three for each, and two of the stack";
    EXPECT_EQ(call("ListStackResources", {{"StackName", "s"}, {"NextToken", "7"}}).code(), "ValidationError");
}

TEST_F(StackPages, AreNotShiftedByWhatIsNew) {
    for (int i = 0; i < 101; ++i)
        call("CreateStack", {{"StackName", "s" + std::to_string(i)},
                             {"TemplateBody", "Resources: {G: {Type: AWS::IAM::Group}}"},
                             {"Capabilities.member.1", "CAPABILITY_IAM"}});
    const auto first = call("ListStacks");
    EXPECT_EQ(first.count("//StackSummaries/member"), 100U);
    EXPECT_EQ(first.text("//StackName"), "s100");
    call("CreateStack", {{"StackName", "new"},
                         {"TemplateBody", "Resources: {G: {Type: AWS::IAM::Group}}"},
                         {"Capabilities.member.1", "CAPABILITY_IAM"}});
    const auto second = call("ListStacks", {{"NextToken", first.text("//NextToken")}});
    EXPECT_EQ(second.count("//StackSummaries/member"), 1U);
    EXPECT_EQ(second.text("//StackName"), "s0");
    EXPECT_EQ(second.text("//NextToken"), "");
}

}  // namespace
}  // namespace keytide::lab
