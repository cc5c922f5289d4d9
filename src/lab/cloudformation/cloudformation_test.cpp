// Stacks as `aws cloudformation deploy` and its neighbours see them.
#include "lab/cloudformation/cloudformation.hpp"

#include <gmock/gmock.h>

#include <string>
#include <vector>

#include "lab/cloudformation/sample_template.hpp"
#include "lab/signed_call.hpp"

namespace keytide::lab {
namespace {

using cloudformation::sample_template;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::MatchesRegex;
using ::testing::StartsWith;

constexpr const char* stack = "IAM-User-Sample-Stack";
constexpr const char* user = "accesskey-rotate-sample-user";

std::string replaced(std::string_view text, std::string_view what, std::string_view with) {
    std::string result(text);
    result.replace(result.find(what), what.size(), with);
    return result;
}

std::vector<std::string> texts(const Answer& answer, const char* path) {
    pugi::xml_document document;
    document.load_buffer(answer.reply.body.data(), answer.reply.body.size());
    std::vector<std::string> found;
    for (const auto& node : document.select_nodes(path)) found.emplace_back(node.node().text().get());
    return found;
}

class CloudFormation : public ::testing::Test {
protected:
    Answer call(std::string_view action, Fields fields) const {
        return root_.query("cloudformation", action, fields);
    }
    Answer change_set(const Client& client, std::string_view text, std::string_view type,
                      std::string_view name = "c") const {
        return client.query("cloudformation", "CreateChangeSet",
                            {{"StackName", stack},
                             {"ChangeSetName", name},
                             {"ChangeSetType", type},
                             {"TemplateBody", text},
                             {"Capabilities.member.1", "CAPABILITY_NAMED_IAM"},
                             {"Parameters", ""},
                             {"Tags", ""}});
    }
    // As `deploy` does it; answers the status that it polls.
    std::string deploy(std::string_view text, std::string_view type = "CREATE") const {
        const auto made = change_set(root_, text, type);
        EXPECT_EQ(made.status(), 200) << made.message();
        const auto id = made.text("//Id");
        EXPECT_EQ(call("DescribeChangeSet", {{"ChangeSetName", id}, {"StackName", stack}}).text("//Status"),
                  "CREATE_COMPLETE");
        const auto executed = call(
            "ExecuteChangeSet", {{"ChangeSetName", id}, {"StackName", stack}, {"DisableRollback", "false"}});
        EXPECT_EQ(executed.status(), 200) << executed.message();
        return status();
    }
    std::string status() const {
        return call("DescribeStacks", {{"StackName", stack}}).text("//StackStatus");
    }
    std::string refusal(std::string_view action, Fields fields) const {
        const auto answer = call(action, fields);
        return answer.code() + " " + std::to_string(answer.status()) + " " + answer.message();
    }
    std::string policy(std::string_view name = "accesskey-rotate-sample-user-policy") const {
        return root_.iam("GetUserPolicy", {{"UserName", user}, {"PolicyName", name}})
            .text("//PolicyDocument");
    }
    Client user_with(std::string_view name, std::string_view document) {
        root_.iam("CreateUser", {{"UserName", name}});
        root_.iam("PutUserPolicy", {{"UserName", name}, {"PolicyName", "p"}, {"PolicyDocument", document}});
        return {lab_, created_key(root_.iam("CreateAccessKey", {{"UserName", name}}))};
    }

    Lab lab_ = example_lab();
    Client root_ = root_of(lab_);
};

TEST_F(CloudFormation, DeploysTheSample) {
    EXPECT_EQ(refusal("DescribeStacks", {{"StackName", stack}}),
              "ValidationError 400 Stack with id IAM-User-Sample-Stack does not exist");
    EXPECT_EQ(deploy(sample_template), "CREATE_COMPLETE");

    const Client client{lab_, created_key(root_.iam("CreateAccessKey", {{"UserName", user}}))};
    EXPECT_EQ(client.s3("GET", "/").status(), 200);
    EXPECT_EQ(client.iam("CreateAccessKey", {{"UserName", user}}).status(), 200);
    EXPECT_EQ(client.iam("ListAccessKeys", {{"UserName", user}}).code(), "AccessDenied");

    const auto described = call("DescribeStacks", {{"StackName", stack}});
    EXPECT_THAT(
        described.text("//StackId"),
        MatchesRegex("arn:aws:cloudformation:us-east-1:123456789012:stack/IAM-User-Sample-Stack/.{36}"));
    EXPECT_EQ(described.text("//Description"), "IAM User Sample");
    EXPECT_EQ(described.text("//CreationTime"), "2026-01-31T12:00:00.000Z");
    const auto resources = call("DescribeStackResources", {{"StackName", stack}});
    EXPECT_THAT(texts(resources, "//LogicalResourceId"), ElementsAre("User", "UserPoricy"));
    EXPECT_THAT(texts(resources, "//PhysicalResourceId"),
                ElementsAre(user, MatchesRegex("IAM-U-User-[0-9A-Z]+")));
    EXPECT_THAT(texts(resources, "//ResourceStatus"), ElementsAre("CREATE_COMPLETE", "CREATE_COMPLETE"));
}

TEST_F(CloudFormation, TellsTheStoryNewestFirst) {
    deploy(sample_template);
    const auto events = call("DescribeStackEvents", {{"StackName", stack}});
    EXPECT_THAT(
        texts(events, "//LogicalResourceId"),
        ElementsAre(stack, "UserPoricy", "UserPoricy", "UserPoricy", "User", "User", "User", stack, stack));
    EXPECT_THAT(texts(events, "//ResourceStatus"),
                ElementsAre("CREATE_COMPLETE", "CREATE_COMPLETE", "CREATE_IN_PROGRESS", "CREATE_IN_PROGRESS",
                            "CREATE_COMPLETE", "CREATE_IN_PROGRESS", "CREATE_IN_PROGRESS",
                            "CREATE_IN_PROGRESS", "REVIEW_IN_PROGRESS"));
}

TEST_F(CloudFormation, NeedsTheCapabilityAndCreatesNothingWithout) {
    const auto refused = call("CreateChangeSet", {{"StackName", stack},
                                                  {"ChangeSetName", "c"},
                                                  {"ChangeSetType", "CREATE"},
                                                  {"TemplateBody", sample_template}});
    EXPECT_EQ(refused.status(), 400);
    EXPECT_EQ(refused.code(), "InsufficientCapabilitiesException");
    EXPECT_EQ(refused.message(), "Requires capabilities : [CAPABILITY_NAMED_IAM]");
    EXPECT_EQ(call("DescribeStacks", {}).count("//Stacks/member"), 0U);
}

TEST_F(CloudFormation, FindsNoChangesInTheSameTemplate) {
    deploy(sample_template);
    ASSERT_EQ(change_set(root_, cloudformation::sample_template_json, "UPDATE", "d").status(), 200);
    const auto empty = call("DescribeChangeSet", {{"ChangeSetName", "d"}, {"StackName", stack}});
    EXPECT_EQ(empty.text("//Status"), "FAILED");
    EXPECT_EQ(
        empty.text("//StatusReason"),
        "The submitted information didn't contain changes. Submit different information to create a change "
        "set.");
    EXPECT_THAT(
        refusal("ExecuteChangeSet", {{"ChangeSetName", "d"}, {"StackName", stack}}),
        MatchesRegex("InvalidChangeSetStatus 400 ChangeSet .arn:aws:cloudformation:us-east-1:123456789012:"
                     "changeSet/d/.{36}. cannot be executed in its current status of .FAILED."));
    EXPECT_EQ(status(), "CREATE_COMPLETE");
}

TEST_F(CloudFormation, UpdatesAPolicyInPlace) {
    deploy(sample_template);
    const auto before = policy();
    const auto smaller = replaced(sample_template, "              - s3:ListBuckets\n", "");
    EXPECT_EQ(deploy(smaller, "UPDATE"), "UPDATE_COMPLETE");
    EXPECT_THAT(before, HasSubstr("ListBuckets"));
    EXPECT_THAT(policy(), ::testing::Not(HasSubstr("ListBuckets")));
    EXPECT_EQ(root_.iam("ListUserPolicies", {{"UserName", user}}).count("//member"), 1U);
}

TEST_F(CloudFormation, AnUpdateAddsAndRemovesResources) {
    deploy(sample_template);
    const std::string other =
        "Resources: {User: {Type: 'AWS::IAM::User', Properties: {UserName: " + std::string(user) +
        "}}, Second: {Type: 'AWS::IAM::User'}}";
    const auto made = change_set(root_, other, "UPDATE", "d");
    ASSERT_EQ(made.status(), 200) << made.message();
    const auto described = call("DescribeChangeSet", {{"ChangeSetName", made.text("//Id")}});
    EXPECT_THAT(texts(described, "//Action"), ElementsAre("Add", "Remove"));
    ASSERT_EQ(call("ExecuteChangeSet", {{"ChangeSetName", made.text("//Id")}}).status(), 200);
    EXPECT_EQ(status(), "UPDATE_COMPLETE");
    EXPECT_EQ(root_.iam("ListUserPolicies", {{"UserName", user}}).count("//member"), 0U);
    EXPECT_THAT(texts(root_.iam("ListUsers"), "//UserName"),
                ElementsAre(MatchesRegex("IAM-User-Sample-Stack-Second-[0-9A-Z]+"), user));
}

TEST_F(CloudFormation, AnUpdateThatFailsPutsEverythingBack) {
    deploy(sample_template);
    const auto before = policy();
    // Second is created and the policy widened before Third, a user who is there already, fails.
    const auto failing = replaced(sample_template, "s3:ListBuckets", "s3:*") + R"(
  Second: {Type: AWS::IAM::User, DependsOn: UserPoricy}
  Third: {Type: AWS::IAM::User, DependsOn: Second, Properties: {UserName: taken}}
)";
    root_.iam("CreateUser", {{"UserName", "taken"}});
    EXPECT_EQ(deploy(failing, "UPDATE"), "UPDATE_ROLLBACK_COMPLETE");
    EXPECT_EQ(policy(), before);
    EXPECT_THAT(call("DescribeStackEvents", {{"StackName", stack}})
                    .text("//member[LogicalResourceId='UserPoricy']/ResourceProperties"),
                HasSubstr("s3:ListBuckets"));
    EXPECT_THAT(texts(root_.iam("ListUsers"), "//UserName"), ElementsAre(user, "taken"));
    EXPECT_THAT(texts(call("DescribeStackResources", {{"StackName", stack}}), "//LogicalResourceId"),
                ElementsAre("User", "UserPoricy"));
    EXPECT_EQ(deploy(replaced(sample_template, "s3:ListBuckets", "s3:*"), "UPDATE"), "UPDATE_COMPLETE");
}

TEST_F(CloudFormation, TwoResourcesDoNotShareAPolicy) {
    deploy(sample_template);
    EXPECT_EQ(deploy(replaced(sample_template, "UserPoricy", "UserPolicy"), "UPDATE"),
              "UPDATE_ROLLBACK_COMPLETE");
    EXPECT_THAT(policy(), HasSubstr("ListBuckets"));
}

TEST_F(CloudFormation, ACreationThatFailsIsRolledBackAndSaysWhy) {
    const auto malformed = replaced(sample_template, "Effect: Allow", "Effect: Perhaps");
    EXPECT_EQ(deploy(malformed), "ROLLBACK_COMPLETE");
    EXPECT_EQ(root_.iam("ListUsers").count("//member"), 0U);
    const auto events = call("DescribeStackEvents", {{"StackName", stack}});
    EXPECT_THAT(events.text("//member[ResourceStatus='CREATE_FAILED']/ResourceStatusReason"),
                HasSubstr("HandlerErrorCode: InvalidRequest"));
    EXPECT_THAT(events.text("//member[ResourceStatus='ROLLBACK_IN_PROGRESS']/ResourceStatusReason"),
                "The following resource(s) failed to create: [UserPoricy]. Rollback requested by user.");
    EXPECT_THAT(change_set(root_, sample_template, "UPDATE").message(),
                HasSubstr("is in ROLLBACK_COMPLETE state and can not be updated."));
    EXPECT_THAT(change_set(root_, sample_template, "CREATE").message(),
                HasSubstr("already exists and cannot be created again"));
    EXPECT_EQ(call("DeleteStack", {{"StackName", stack}}).status(), 200);
    EXPECT_EQ(deploy(sample_template), "CREATE_COMPLETE");
}

TEST_F(CloudFormation, NeverTouchesAUserWhoWasThereBefore) {
    root_.iam("CreateUser", {{"UserName", user}});
    EXPECT_EQ(deploy(sample_template), "ROLLBACK_COMPLETE");
    EXPECT_THAT(call("DescribeStackEvents", {{"StackName", stack}})
                    .text("//member[ResourceStatus='CREATE_FAILED']/ResourceStatusReason"),
                StartsWith("Resource handler returned message: \"User with name accesskey-rotate-sample-user "
                           "already exists. (Service: Iam, Status Code: 409, Request ID: "));
    EXPECT_EQ(root_.iam("GetUser", {{"UserName", user}}).status(), 200);
}

TEST_F(CloudFormation, APolicyNeedsAUser) {
    EXPECT_EQ(
        deploy("Resources: {P: {Type: 'AWS::IAM::Policy', Properties: {PolicyName: p, PolicyDocument: {}}}}"),
        "ROLLBACK_COMPLETE");
    EXPECT_EQ(call("DescribeStackEvents", {{"StackName", stack}})
                  .text("//member[ResourceStatus='CREATE_FAILED']/ResourceStatusReason"),
              "At least one of [Groups,Roles,Users] must be non-empty.");
}

TEST_F(CloudFormation, AUserBringsItsOwnPolicies) {
    const std::string text =
        "Resources: {User: {Type: 'AWS::IAM::User', Properties: {UserName: " + std::string(user) +
        R"(, Path: /team/, Policies: [{PolicyName: own,
        PolicyDocument: {Version: 2012-10-17, Statement: {Effect: Allow, Action: 's3:*', Resource: '*'}}}]}}})";
    EXPECT_EQ(deploy(text), "CREATE_COMPLETE");
    EXPECT_EQ(root_.iam("GetUser", {{"UserName", user}}).text("//Arn"),
              "arn:aws:iam::123456789012:user/team/accesskey-rotate-sample-user");
    EXPECT_THAT(policy("own"), HasSubstr("2012-10-17"));
    call("DeleteStack", {{"StackName", stack}});
    EXPECT_EQ(root_.iam("ListUsers").count("//member"), 0U);
}

TEST_F(CloudFormation, DeletesWhatItMade) {
    deploy(sample_template);
    const auto id = call("DescribeStacks", {{"StackName", stack}}).text("//StackId");
    EXPECT_EQ(call("DeleteStack", {{"StackName", stack}}).status(), 200);
    EXPECT_EQ(root_.iam("GetUser", {{"UserName", user}}).code(), "NoSuchEntity");
    EXPECT_THAT(status(), IsEmpty());
    EXPECT_EQ(call("DescribeStacks", {{"StackName", id}}).text("//StackStatus"), "DELETE_COMPLETE");
    EXPECT_EQ(call("DeleteStack", {{"StackName", stack}}).status(), 200);  // as good as deleted
    EXPECT_EQ(refusal("DescribeStackEvents", {{"StackName", stack}}),
              "ValidationError 400 Stack [IAM-User-Sample-Stack] does not exist");
}

TEST_F(CloudFormation, AUserWithKeysStays) {
    deploy(sample_template);
    const auto key = root_.iam("CreateAccessKey", {{"UserName", user}}).text("//AccessKeyId");
    call("DeleteStack", {{"StackName", stack}});
    EXPECT_EQ(status(), "DELETE_FAILED");
    EXPECT_THAT(
        call("DescribeStackEvents", {{"StackName", stack}})
            .text("//member[ResourceStatus='DELETE_FAILED'][LogicalResourceId='User']/ResourceStatusReason"),
        HasSubstr("Cannot delete entity, must delete access keys first."));
    EXPECT_EQ(root_.iam("ListAccessKeys", {{"UserName", user}}).count("//member"), 1U);

    root_.iam("DeleteAccessKey", {{"UserName", user}, {"AccessKeyId", key}});
    call("DeleteStack", {{"StackName", stack}});
    EXPECT_THAT(status(), IsEmpty());
}

TEST_F(CloudFormation, WhatAFailedResourceDependsOnStays) {
    deploy(
        "Resources: {First: {Type: 'AWS::IAM::User'}, Second: {Type: 'AWS::IAM::User', DependsOn: First, "
        "Properties: {UserName: " +
        std::string(user) + "}}}");
    root_.iam("CreateAccessKey", {{"UserName", user}});
    call("DeleteStack", {{"StackName", stack}});
    EXPECT_EQ(root_.iam("ListUsers").count("//member"), 2U);
    EXPECT_EQ(call("DescribeStacks", {{"StackName", stack}}).text("//StackStatusReason"),
              "The following resource(s) failed to delete: [Second]. ");
}

TEST_F(CloudFormation, AnExecutionMakesOtherChangeSetsInvalid) {
    deploy(sample_template);
    const auto smaller = replaced(sample_template, "              - s3:ListBuckets\n", "");
    const auto larger = replaced(sample_template, "s3:ListBuckets", "s3:*");
    const auto first = change_set(root_, smaller, "UPDATE", "first").text("//Id");
    const auto second = change_set(root_, larger, "UPDATE", "second").text("//Id");
    ASSERT_EQ(call("ExecuteChangeSet", {{"ChangeSetName", first}}).status(), 200);
    EXPECT_EQ(call("ExecuteChangeSet", {{"ChangeSetName", second}}).code(), "ChangeSetNotFound");
    EXPECT_EQ(call("ExecuteChangeSet", {{"ChangeSetName", first}}).code(), "InvalidChangeSetStatus");
}

TEST_F(CloudFormation, MayDoNothingThatItsCallerMayNot) {
    const auto client = user_with("deployer", R"({"Version":"2012-10-17","Statement":[
        {"Effect":"Allow","Action":"cloudformation:*","Resource":"arn:aws:cloudformation:*:*:stack/IAM-*"},
        {"Effect":"Allow","Action":"iam:CreateUser","Resource":"*"}]})");
    ASSERT_EQ(change_set(client, sample_template, "CREATE").status(), 200);
    const auto executed =
        client.query("cloudformation", "ExecuteChangeSet", {{"ChangeSetName", "c"}, {"StackName", stack}});
    EXPECT_EQ(executed.status(), 200) << executed.message();
    // It could create the user, neither give it a policy nor delete it again.
    EXPECT_EQ(status(), "ROLLBACK_FAILED");
    EXPECT_THAT(call("DescribeStackEvents", {{"StackName", stack}})
                    .text("//member[ResourceStatus='CREATE_FAILED']/ResourceStatusReason"),
                HasSubstr("user/deployer is not authorized to perform: iam:PutUserPolicy on resource: user "
                          "accesskey-rotate-sample-user"));
    EXPECT_EQ(client.query("cloudformation", "DescribeStacks", {{"StackName", "Other"}}).message(),
              "User: arn:aws:iam::123456789012:user/deployer is not authorized to perform: "
              "cloudformation:DescribeStacks on resource: "
              "arn:aws:cloudformation:us-east-1:123456789012:stack/Other/* because no identity-based policy "
              "allows the cloudformation:DescribeStacks action");
}

TEST_F(CloudFormation, RefusesWhatItDoesNotKnow) {
    EXPECT_EQ(refusal("CreateStackSet", {}).substr(0, 17), "InvalidAction 400");
    EXPECT_EQ(refusal("DescribeChangeSet", {{"ChangeSetName", "c"}}),
              "ValidationError 400 StackName must be specified if ChangeSetName is not specified as an ARN.");
    EXPECT_EQ(refusal("DescribeChangeSet", {{"ChangeSetName", "c"}, {"StackName", stack}}),
              "ValidationError 400 Stack [IAM-User-Sample-Stack] does not exist");
    EXPECT_EQ(change_set(root_, sample_template, "UPDATE").message(),
              "Stack [IAM-User-Sample-Stack] does not exist");
    ASSERT_EQ(change_set(root_, sample_template, "CREATE").status(), 200);
    EXPECT_EQ(refusal("DescribeChangeSet", {{"ChangeSetName", "other"}, {"StackName", stack}}),
              "ChangeSetNotFound 404 ChangeSet [other] does not exist");
    EXPECT_EQ(change_set(root_, sample_template, "CREATE").message(), "ChangeSet [c] already exists");
    for (const char* name : {"TemplateURL", "RoleARN", "NotificationARNs.member.1"})
        EXPECT_THAT(refusal("CreateChangeSet", {{"StackName", stack},
                                                {"ChangeSetName", "d"},
                                                {"ChangeSetType", "CREATE"},
                                                {"TemplateBody", sample_template},
                                                {name, "x"}}),
                    HasSubstr("is not supported here yet."));
    EXPECT_THAT(refusal("CreateChangeSet", {{"StackName", "-a"},
                                            {"ChangeSetName", "d"},
                                            {"ChangeSetType", "CREATE"},
                                            {"TemplateBody", "Resources: {U: {Type: 'AWS::IAM::User'}}"},
                                            {"Capabilities.member.1", "CAPABILITY_IAM"}}),
                HasSubstr("Value '-a' at 'stackName' failed to satisfy constraint"));
}

TEST_F(CloudFormation, DescribesTemplates) {
    deploy(sample_template);
    const auto summary = call("GetTemplateSummary", {{"StackName", stack}});
    EXPECT_EQ(summary.count("//Parameters"), 1U);  // deploy looks into it
    EXPECT_EQ(summary.text("//Capabilities/member"), "CAPABILITY_NAMED_IAM");
    EXPECT_THAT(texts(summary, "//ResourceTypes/member"), ElementsAre("AWS::IAM::User", "AWS::IAM::Policy"));
    EXPECT_EQ(call("GetTemplate", {{"StackName", stack}}).text("//TemplateBody"), sample_template);
    EXPECT_EQ(call("ValidateTemplate", {{"TemplateBody", sample_template}}).text("//Description"),
              "IAM User Sample");
    EXPECT_EQ(refusal("ValidateTemplate", {{"TemplateBody", "a: [b"}}).substr(0, 61),
              "ValidationError 400 Template format error: YAML not well-form");
}

TEST_F(CloudFormation, LivesInTheRegionOfItsCaller) {
    deploy(sample_template);
    auto request = query_request("cloudformation", "DescribeStacks", {{"StackName", stack}});
    sign(request, root_.key, "cloudformation", noon, "eu-west-1");
    EXPECT_EQ(Answer{lab_.handle(request, noon)}.code(), "ValidationError");
}

}  // namespace
}  // namespace keytide::lab
