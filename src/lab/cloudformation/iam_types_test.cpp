// Groups, roles, managed policies and what users hold, as a stack makes, changes and deletes them.
#include <gmock/gmock.h>

#include <string>

#include "lab/signed_call.hpp"

namespace keytide::lab {
namespace {

using ::testing::HasSubstr;
using ::testing::MatchesRegex;

constexpr const char* text = R"(
Parameters:
  Action: {Type: String, Default: 's3:GetObject'}
  Team: {Type: String, Default: red}
Resources:
  Managed:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      Path: /team/
      Description: what the team may do
      PolicyDocument: {Version: 2012-10-17, Statement: {Effect: Allow, Action: !Ref Action, Resource: '*'}}
  Band:
    Type: AWS::IAM::Group
    Properties:
      GroupName: team
      ManagedPolicyArns: [!Ref Managed, 'arn:aws:iam::aws:policy/SecurityAudit']
      Policies:
        - PolicyName: own
          PolicyDocument: {Version: 2012-10-17, Statement: {Effect: Allow, Action: 'iam:GetUser', Resource: '*'}}
  Role:
    Type: AWS::IAM::Role
    Properties:
      MaxSessionDuration: 7200
      Description: for the team
      AssumeRolePolicyDocument:
        Version: 2012-10-17
        Statement: {Effect: Allow, Action: 'sts:AssumeRole', Principal: {AWS: !GetAtt User.Arn}}
      PermissionsBoundary: !Ref Managed
      Tags: [{Key: team, Value: !Ref Team}]
  User:
    Type: AWS::IAM::User
    Properties:
      Path: !Sub '/${Team}/'
      Groups: [!Ref Team1]
      ManagedPolicyArns: !If [IsRed, [!Ref Managed], !Ref AWS::NoValue]
      PermissionsBoundary: !Ref Managed
      Tags: [{Key: team, Value: !Ref Team}, {Key: fixed, Value: x}]
  Team1: {Type: AWS::IAM::Group}
  Addition:
    Type: AWS::IAM::UserToGroupAddition
    Properties: {GroupName: !Ref Band, Users: [!Ref User]}
  Inline:
    Type: AWS::IAM::Policy
    Properties:
      PolicyName: inline
      Groups: [!Ref Band]
      Roles: [!Ref Role]
      PolicyDocument: {Version: 2012-10-17, Statement: {Effect: Allow, Action: 'sts:*', Resource: !GetAtt Role.Arn}}
Conditions: {IsRed: !Equals [!Ref Team, red]}
Outputs:
  RoleId: {Value: !GetAtt Role.RoleId}
  Role: {Value: !Ref Role}
  User: {Value: !Ref User}
  Policy: {Value: !Ref Managed}
)";

class IamTypes : public ::testing::Test {
protected:
    Answer put(std::string_view action, std::string_view name, std::string_view value) const {
        return root_.query("cloudformation", action,
                           {{"StackName", "s"},
                            {"TemplateBody", text},
                            {"Capabilities.member.1", "CAPABILITY_NAMED_IAM"},
                            {"Parameters.member.1.ParameterKey", name},
                            {"Parameters.member.1.ParameterValue", value}});
    }
    Answer stack() const { return root_.query("cloudformation", "DescribeStacks", {{"StackName", "s"}}); }
    std::string output(const std::string& name) const {
        return stack().text(("//member[OutputKey='" + name + "']/OutputValue").c_str());
    }
    std::string why() const {
        return root_.query("cloudformation", "DescribeStackEvents", {{"StackName", "s"}})
            .text("//member[contains(ResourceStatus,'FAILED')]/ResourceStatusReason");
    }

    Lab lab_ = example_lab();
    Client root_ = root_of(lab_);
};

TEST_F(IamTypes, AreMadeWithAllThatTheyHold) {
    ASSERT_EQ(put("CreateStack", "Team", "red").status(), 200);
    ASSERT_EQ(stack().text("//StackStatus"), "CREATE_COMPLETE") << why();
    const auto user = output("User"), role = output("Role"), policy = output("Policy");
    EXPECT_THAT(policy, MatchesRegex("arn:aws:iam::123456789012:policy/team/s-Managed-[0-9A-Z]{13}"));
    const auto described = root_.iam("GetUser", {{"UserName", user}});
    EXPECT_THAT(described.text("//Arn"), HasSubstr("user/red/s-User-"));
    EXPECT_EQ(described.text("//PermissionsBoundaryArn"), policy);
    EXPECT_EQ(described.count("//Tags/member"), 2U);
    EXPECT_EQ(root_.iam("ListAttachedUserPolicies", {{"UserName", user}}).text("//PolicyArn"), policy);
    EXPECT_EQ(root_.iam("ListGroupsForUser", {{"UserName", user}}).count("//GroupName"), 2U);
    EXPECT_EQ(root_.iam("ListAttachedGroupPolicies", {{"GroupName", "team"}}).count("//PolicyArn"), 2U);
    EXPECT_EQ(root_.iam("ListGroupPolicies", {{"GroupName", "team"}}).count("//member"), 2U);
    const auto made = root_.iam("GetRole", {{"RoleName", role}});
    EXPECT_EQ(made.text("//RoleId"), output("RoleId"));
    EXPECT_EQ(made.text("//MaxSessionDuration"), "7200");
    EXPECT_EQ(made.text("//Description"), "for the team");
}

TEST_F(IamTypes, ChangeInPlace) {
    put("CreateStack", "Team", "red");
    const auto user = output("User"), policy = output("Policy");
    ASSERT_EQ(put("UpdateStack", "Team", "blue").status(), 200);
    EXPECT_EQ(stack().text("//StackStatus"), "UPDATE_COMPLETE") << why();
    EXPECT_EQ(output("User"), user);
    EXPECT_THAT(root_.iam("GetUser", {{"UserName", user}}).text("//Arn"), HasSubstr("user/blue/"));
    EXPECT_EQ(root_.iam("ListAttachedUserPolicies", {{"UserName", user}}).count("//PolicyArn"), 0U);
    EXPECT_EQ(root_.iam("ListUserTags", {{"UserName", user}}).text("//member[Key='team']/Value"), "blue");
}

TEST_F(IamTypes, AManagedPolicyGetsNewVersionsAndDropsTheOldest) {
    put("CreateStack", "Action", "s3:Get*");
    const auto policy = output("Policy");
    for (const char* action : {"s3:A*", "s3:B*", "s3:C*", "s3:D*", "s3:E*", "s3:F*"}) {
        put("UpdateStack", "Action", action);
        ASSERT_EQ(stack().text("//StackStatus"), "UPDATE_COMPLETE") << why();
    }
    EXPECT_EQ(output("Policy"), policy);
    EXPECT_EQ(root_.iam("ListPolicyVersions", {{"PolicyArn", policy}}).count("//VersionId"), 5U);
    EXPECT_EQ(root_.iam("GetPolicy", {{"PolicyArn", policy}}).text("//DefaultVersionId"), "v7");
}

TEST_F(IamTypes, AUserHasAPasswordForTheConsole) {
    const auto with = [&](std::string_view action, std::string_view properties) {
        return root_.query("cloudformation", action,
                           {{"StackName", "s"},
                            {"TemplateBody",
                             "Resources: {User: {Type: AWS::IAM::User, Properties: {UserName: "
                             "bob" +
                                 std::string(properties) + "}}}"},
                            {"Capabilities.member.1", "CAPABILITY_NAMED_IAM"}});
    };
    const auto profile = [&] { return root_.iam("GetLoginProfile", {{"UserName", "bob"}}); };
    ASSERT_EQ(with("CreateStack", ", LoginProfile: {Password: 'Secret-phrase-1'}").status(), 200);
    ASSERT_EQ(stack().text("//StackStatus"), "CREATE_COMPLETE") << why();
    EXPECT_EQ(profile().text("//PasswordResetRequired"), "false");
    with("UpdateStack", ", LoginProfile: {Password: 'Secret-phrase-1', PasswordResetRequired: true}");
    EXPECT_EQ(profile().text("//PasswordResetRequired"), "true");
    const Client bob{lab_, created_key(root_.iam("CreateAccessKey", {{"UserName", "bob"}}))};
    root_.iam("PutUserPolicy",
              {{"UserName", "bob"}, {"PolicyName", "p"}, {"PolicyDocument", allow_everything}});
    EXPECT_EQ(
        bob.iam("ChangePassword", {{"OldPassword", "Secret-phrase-1"}, {"NewPassword", "Secret-phrase-2"}})
            .status(),
        200);
    with("UpdateStack", ", LoginProfile: {Password: weak}");
    EXPECT_EQ(stack().text("//StackStatus"), "UPDATE_ROLLBACK_COMPLETE");
    EXPECT_THAT(why(), HasSubstr("Password should have a minimum length of 8"));
    with("UpdateStack", "");
    EXPECT_EQ(profile().code(), "NoSuchEntity");
}

TEST_F(IamTypes, AreDeletedWithTheStack) {
    put("CreateStack", "Team", "red");
    put("UpdateStack", "Action", "s3:*");
    root_.query("cloudformation", "DeleteStack", {{"StackName", "s"}});
    EXPECT_EQ(stack().code(), "ValidationError") << why();
    EXPECT_EQ(root_.iam("ListUsers").count("//UserName"), 0U);
    EXPECT_EQ(root_.iam("ListGroups").count("//GroupName"), 0U);
    EXPECT_EQ(root_.iam("ListRoles").count("//RoleName"), 0U);
    EXPECT_EQ(root_.iam("ListPolicies", {{"Scope", "Local"}}).count("//PolicyName"), 0U);
}

}  // namespace
}  // namespace keytide::lab
