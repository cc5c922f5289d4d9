// CreateStack, UpdateStack and their ends, as a client sees them.
#include <gmock/gmock.h>

#include <string>
#include <vector>

#include "lab/signed_call.hpp"

namespace keytide::lab {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::MatchesRegex;
using ::testing::Not;

std::vector<std::string> texts(const Answer& answer, const char* path) {
    pugi::xml_document document;
    document.load_buffer(answer.reply.body.data(), answer.reply.body.size());
    std::vector<std::string> found;
    for (const auto& node : document.select_nodes(path)) found.emplace_back(node.node().text().get());
    return found;
}

constexpr const char* named = R"(
Parameters:
  Name: {Type: String}
  Path: {Type: String, Default: /}
Resources:
  User: {Type: AWS::IAM::User, Properties: {UserName: !Ref Name}}
  Policy:
    Type: AWS::IAM::Policy
    Properties:
      PolicyName: p
      Users: [!Ref User]
      PolicyDocument: {Version: 2012-10-17, Statement: {Effect: Allow, Action: 's3:*', Resource: !GetAtt User.Arn}}
Outputs:
  Arn: {Value: !GetAtt User.Arn, Description: who it is}
)";

class StackUpdates : public ::testing::Test {
protected:
    Answer call(std::string_view action, Fields fields) const {
        return root_.query("cloudformation", action, fields);
    }
    Answer put(std::string_view action, std::string_view text, std::string_view name = "bob") const {
        return call(action, {{"StackName", "s"},
                             {"TemplateBody", text},
                             {"Capabilities.member.1", "CAPABILITY_NAMED_IAM"},
                             {"Parameters.member.1.ParameterKey", "Name"},
                             {"Parameters.member.1.ParameterValue", name}});
    }
    Answer put_plain(std::string_view action, std::string_view text) const {
        return call(
            action,
            {{"StackName", "s"}, {"TemplateBody", text}, {"Capabilities.member.1", "CAPABILITY_NAMED_IAM"}});
    }
    std::string status() const { return call("DescribeStacks", {{"StackName", "s"}}).text("//StackStatus"); }
    // "LogicalId STATUS", the oldest first.
    std::vector<std::string> events() const {
        const auto answer = call("DescribeStackEvents", {{"StackName", "s"}});
        const auto ids = texts(answer, "//LogicalResourceId");
        const auto statuses = texts(answer, "//ResourceStatus");
        std::vector<std::string> all;
        for (std::size_t i = ids.size(); i-- > 0;) all.push_back(ids[i] + " " + statuses[i]);
        return all;
    }
    std::string reason(const std::string& status) const {
        return call("DescribeStackEvents", {{"StackName", "s"}})
            .text(("//member[ResourceStatus='" + status + "']/ResourceStatusReason").c_str());
    }
    std::vector<std::string> users() const { return texts(root_.iam("ListUsers"), "//UserName"); }

    Lab lab_ = example_lab();
    Client root_ = root_of(lab_);
};

TEST_F(StackUpdates, AStackIsMadeWithParametersAndShowsItsOutputs) {
    const auto made = put("CreateStack", named);
    ASSERT_EQ(made.status(), 200) << made.message();
    EXPECT_THAT(made.text("//StackId"), HasSubstr(":stack/s/"));
    const auto described = call("DescribeStacks", {{"StackName", "s"}});
    EXPECT_EQ(described.text("//StackStatus"), "CREATE_COMPLETE");
    EXPECT_EQ(described.text("//Outputs/member/OutputKey"), "Arn");
    EXPECT_EQ(described.text("//Outputs/member/OutputValue"), "arn:aws:iam::123456789012:user/bob");
    EXPECT_EQ(described.text("//Parameters/member[ParameterKey='Name']/ParameterValue"), "bob");
    EXPECT_THAT(texts(call("ListStackResources", {{"StackName", "s"}}), "//LogicalResourceId"),
                ElementsAre("User", "Policy"));
    EXPECT_EQ(call("DescribeStackResource", {{"StackName", "s"}, {"LogicalResourceId", "User"}})
                  .text("//PhysicalResourceId"),
              "bob");
    EXPECT_EQ(put("CreateStack", named).code(), "AlreadyExistsException");
}

TEST_F(StackUpdates, AnEventFollowsTheOther) {
    put("CreateStack", named);
    EXPECT_THAT(events(),
                ElementsAre("s CREATE_IN_PROGRESS", "User CREATE_IN_PROGRESS", "User CREATE_IN_PROGRESS",
                            "User CREATE_COMPLETE", "Policy CREATE_IN_PROGRESS", "Policy CREATE_IN_PROGRESS",
                            "Policy CREATE_COMPLETE", "s CREATE_COMPLETE"));
}

TEST_F(StackUpdates, NothingToUpdateIsAnError) {
    put("CreateStack", named);
    EXPECT_EQ(put("UpdateStack", named).message(), "No updates are to be performed.");
    EXPECT_EQ(call("UpdateStack", {{"StackName", "s"},
                                   {"UsePreviousTemplate", "true"},
                                   {"Capabilities.member.1", "CAPABILITY_NAMED_IAM"},
                                   {"Parameters.member.1.ParameterKey", "Name"},
                                   {"Parameters.member.1.UsePreviousValue", "true"}})
                  .message(),
              "No updates are to be performed.");
    EXPECT_EQ(call("UpdateStack", {{"StackName", "other"}}).message(), "Stack [other] does not exist");
}

TEST_F(StackUpdates, AnotherNameReplacesTheUserAndAllThatNamesIt) {
    put("CreateStack", named);
    const auto updated = put("UpdateStack", named, "alice");
    ASSERT_EQ(updated.status(), 200) << updated.message();
    EXPECT_EQ(status(), "UPDATE_COMPLETE");
    EXPECT_THAT(users(), ElementsAre("alice"));
    EXPECT_EQ(call("DescribeStacks", {{"StackName", "s"}}).text("//OutputValue"),
              "arn:aws:iam::123456789012:user/alice");
    EXPECT_THAT(
        root_.iam("GetUserPolicy", {{"UserName", "alice"}, {"PolicyName", "p"}}).text("//PolicyDocument"),
        HasSubstr("user%2Falice"));
    const auto all = events();
    EXPECT_THAT(std::vector(all.begin() + 8, all.end()),
                ElementsAre("s UPDATE_IN_PROGRESS", "User UPDATE_IN_PROGRESS", "User UPDATE_IN_PROGRESS",
                            "User UPDATE_COMPLETE", "Policy UPDATE_IN_PROGRESS", "Policy UPDATE_COMPLETE",
                            "s UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", "User DELETE_IN_PROGRESS",
                            "User DELETE_COMPLETE", "s UPDATE_COMPLETE"));
}

TEST_F(StackUpdates, AChangeSetSaysWhatWillBeReplaced) {
    put("CreateStack", named);
    const auto made = call("CreateChangeSet", {{"StackName", "s"},
                                               {"ChangeSetName", "c"},
                                               {"UsePreviousTemplate", "true"},
                                               {"Capabilities.member.1", "CAPABILITY_NAMED_IAM"},
                                               {"Parameters.member.1.ParameterKey", "Name"},
                                               {"Parameters.member.1.ParameterValue", "alice"}});
    ASSERT_EQ(made.status(), 200) << made.message();
    const auto described = call("DescribeChangeSet", {{"ChangeSetName", made.text("//Id")}});
    EXPECT_EQ(described.text("//ResourceChange[LogicalResourceId='User']/Replacement"), "True");
    EXPECT_EQ(described.text("//ResourceChange[LogicalResourceId='User']//RequiresRecreation"), "Always");
    EXPECT_EQ(described.text("//ResourceChange[LogicalResourceId='Policy']/Replacement"), "False");
    EXPECT_EQ(described.text("//ResourceChange[LogicalResourceId='Policy']//Evaluation"), "Dynamic");
    EXPECT_EQ(texts(call("ListChangeSets", {{"StackName", "s"}}), "//ChangeSetName").size(), 1U);
    EXPECT_EQ(call("GetTemplate", {{"StackName", "s"}, {"ChangeSetName", "c"}}).text("//TemplateBody"),
              named);
}

TEST_F(StackUpdates, AFailedReplacementIsRolledBack) {
    put("CreateStack", named);
    root_.iam("CreateUser", {{"UserName", "taken"}});
    EXPECT_EQ(put("UpdateStack", named, "taken").status(), 200);
    EXPECT_EQ(status(), "UPDATE_ROLLBACK_COMPLETE");
    EXPECT_THAT(reason("UPDATE_FAILED"), HasSubstr("User with name taken already exists."));
    EXPECT_EQ(reason("UPDATE_ROLLBACK_IN_PROGRESS"), "The following resource(s) failed to update: [User]. ");
    EXPECT_THAT(users(), ElementsAre("bob", "taken"));
    EXPECT_EQ(call("DescribeStackResource", {{"StackName", "s"}, {"LogicalResourceId", "User"}})
                  .text("//PhysicalResourceId"),
              "bob");
    EXPECT_EQ(put("UpdateStack", named, "alice").status(), 200);
    EXPECT_EQ(status(), "UPDATE_COMPLETE");
}

TEST_F(StackUpdates, WhatWasReplacedBeforeTheFailureComesBack) {
    const std::string failing = std::string(named).replace(
        std::string(named).find("Outputs:"), 0,
        "  Late: {Type: AWS::IAM::User, DependsOn: Policy, Properties: {UserName: taken}}\n");
    put("CreateStack", named);
    root_.iam("CreateUser", {{"UserName", "taken"}});
    EXPECT_EQ(put("UpdateStack", failing, "alice").status(), 200);
    EXPECT_EQ(status(), "UPDATE_ROLLBACK_COMPLETE");
    EXPECT_THAT(users(), ElementsAre("bob", "taken"));
    EXPECT_THAT(
        root_.iam("GetUserPolicy", {{"UserName", "bob"}, {"PolicyName", "p"}}).text("//PolicyDocument"),
        HasSubstr("user%2Fbob"));
    call("DeleteStack", {{"StackName", "s"}});
    EXPECT_THAT(users(), ElementsAre("taken"));
}

TEST_F(StackUpdates, AnAccessKeyIsRotatedByItsSerial) {
    constexpr const char* text = R"(
Parameters: {Serial: {Type: Number, Default: 1}, Status: {Type: String, Default: Active}}
Resources:
  User: {Type: AWS::IAM::User}
  Key: {Type: AWS::IAM::AccessKey, Properties: {UserName: !Ref User, Serial: !Ref Serial, Status: !Ref Status}}
Outputs: {Id: {Value: !Ref Key}, Secret: {Value: !GetAtt Key.SecretAccessKey}}
)";
    const auto update = [&](std::string_view name, std::string_view value) {
        return call("UpdateStack", {{"StackName", "s"},
                                    {"UsePreviousTemplate", "true"},
                                    {"Capabilities.member.1", "CAPABILITY_IAM"},
                                    {"Parameters.member.1.ParameterKey", name},
                                    {"Parameters.member.1.ParameterValue", value}});
    };
    const auto key = [&] {
        const auto described = call("DescribeStacks", {{"StackName", "s"}});
        return AccessKey{*AccessKeyId::parse(described.text("//member[OutputKey='Id']/OutputValue")),
                         Secret(described.text("//member[OutputKey='Secret']/OutputValue")), Secret()};
    };
    ASSERT_EQ(put_plain("CreateStack", text).status(), 200);
    EXPECT_EQ(status(), "CREATE_COMPLETE");
    const auto first = key();
    EXPECT_EQ((Client{lab_, first.clone()}.sts("GetCallerIdentity").status()), 200);
    ASSERT_EQ(update("Status", "Inactive").status(), 200);
    EXPECT_EQ(key().id, first.id);
    EXPECT_NE((Client{lab_, first.clone()}.sts("GetCallerIdentity").status()), 200);
    ASSERT_EQ(update("Serial", "2").status(), 200);
    EXPECT_EQ(status(), "UPDATE_COMPLETE");
    EXPECT_NE(key().id, first.id);
    EXPECT_EQ((Client{lab_, key()}.sts("GetCallerIdentity").status()), 200);
    EXPECT_EQ(root_.iam("ListAccessKeys", {{"UserName", users()[0]}}).count("//AccessKeyId"), 1U);
    call("DeleteStack", {{"StackName", "s"}});
    EXPECT_THAT(users(), IsEmpty());
}

// The key goes before its user does, whether both were to go or both were made in vain.
TEST_F(StackUpdates, WhatDependsOnAReplacedResourceGoesFirst) {
    constexpr const char* text = R"(
Parameters: {Name: {Type: String}}
Conditions: {IsBob: !Equals [!Ref Name, bob], Fails: !Equals [!Ref Name, eve]}
Resources:
  User: {Type: AWS::IAM::User, Properties: {UserName: !Ref Name}}
  Key: {Type: AWS::IAM::AccessKey, Condition: IsBob, Properties: {UserName: !Ref User}}
  Other: {Type: AWS::IAM::AccessKey, Condition: Fails, Properties: {UserName: !Ref User}}
  Taken: {Type: AWS::IAM::User, Condition: Fails, DependsOn: Other, Properties: {UserName: taken}}
)";
    root_.iam("CreateUser", {{"UserName", "taken"}});
    put("CreateStack", text);
    ASSERT_EQ(put("UpdateStack", text, "alice").status(), 200);
    EXPECT_EQ(status(), "UPDATE_COMPLETE");
    EXPECT_THAT(users(), ElementsAre("alice", "taken"));
    ASSERT_EQ(put("UpdateStack", text, "eve").status(), 200);
    EXPECT_EQ(status(), "UPDATE_ROLLBACK_COMPLETE");
    EXPECT_THAT(users(), ElementsAre("alice", "taken"));
}

TEST_F(StackUpdates, ABucketIsMadeNamedAndDeleted) {
    ASSERT_EQ(
        put_plain("CreateStack",
                  "Resources: {Data: {Type: 'AWS::S3::Bucket'}}\nOutputs: {Arn: {Value: !GetAtt Data.Arn}}")
            .status(),
        200);
    const auto name = root_.s3("GET", "/").text("//Bucket/Name");
    EXPECT_THAT(name, MatchesRegex("s-data-[0-9a-z]{13}"));
    EXPECT_EQ(call("DescribeStacks", {{"StackName", "s"}}).text("//OutputValue"), "arn:aws:s3:::" + name);
    EXPECT_EQ(call("ValidateTemplate", {{"TemplateBody", "Resources: {B: {Type: 'AWS::S3::Bucket'}}"}})
                  .count("//Capabilities"),
              0U);
    call("DeleteStack", {{"StackName", "s"}});
    EXPECT_EQ(root_.s3("GET", "/").count("//Bucket"), 0U);
}

TEST_F(StackUpdates, WhatIsToBeRetainedOutlivesItsStack) {
    put_plain(
        "CreateStack",
        "Resources: {Kept: {Type: 'AWS::IAM::User', DeletionPolicy: Retain, Properties: {UserName: kept}}, "
        "Gone: {Type: 'AWS::IAM::User'}}");
    call("DeleteStack", {{"StackName", "s"}});
    EXPECT_THAT(users(), ElementsAre("kept"));
}

TEST_F(StackUpdates, AReplacedResourceMayBeRetained) {
    const auto text = [](const std::string& name) {
        return "Resources: {U: {Type: 'AWS::IAM::User', UpdateReplacePolicy: Retain, Properties: "
               "{UserName: " +
               name + "}}}";
    };
    put_plain("CreateStack", text("one"));
    put_plain("UpdateStack", text("two"));
    EXPECT_THAT(users(), ElementsAre("one", "two"));
    EXPECT_THAT(events(), ::testing::Contains("U DELETE_SKIPPED"));
}

TEST_F(StackUpdates, ACreationThatFailsEndsAsItsCallerWants) {
    root_.iam("CreateUser", {{"UserName", "taken"}});
    constexpr const char* text =
        "Resources: {First: {Type: 'AWS::IAM::User'}, Second: {Type: 'AWS::IAM::User', DependsOn: First, "
        "Properties: {UserName: taken}}}";
    call("CreateStack", {{"StackName", "s"},
                         {"TemplateBody", text},
                         {"Capabilities.member.1", "CAPABILITY_NAMED_IAM"},
                         {"OnFailure", "DO_NOTHING"}});
    EXPECT_EQ(status(), "CREATE_FAILED");
    EXPECT_EQ(users().size(), 2U);
    call("DeleteStack", {{"StackName", "s"}});
    EXPECT_THAT(users(), ElementsAre("taken"));
    call("CreateStack", {{"StackName", "s"},
                         {"TemplateBody", text},
                         {"Capabilities.member.1", "CAPABILITY_NAMED_IAM"},
                         {"OnFailure", "DELETE"}});
    EXPECT_THAT(status(), IsEmpty());
    EXPECT_THAT(users(), ElementsAre("taken"));
}

TEST_F(StackUpdates, AProtectedStackStays) {
    put_plain("CreateStack", "Resources: {U: {Type: 'AWS::IAM::User'}}");
    call("UpdateTerminationProtection", {{"StackName", "s"}, {"EnableTerminationProtection", "true"}});
    EXPECT_EQ(call("DeleteStack", {{"StackName", "s"}}).message(),
              "Stack [s] cannot be deleted while TerminationProtection is enabled");
    EXPECT_EQ(status(), "CREATE_COMPLETE");
}

TEST_F(StackUpdates, WhatMustNotBeEchoedIsNowhereToBeSeen) {
    const auto made = put("CreateStack",
                          "Parameters: {Name: {Type: String, NoEcho: true}}\nResources: {U: {Type: "
                          "'AWS::IAM::User', Properties: {Path: !Sub '/${Name}/'}}}",
                          "hidden");
    ASSERT_EQ(made.status(), 200);
    EXPECT_THAT(root_.iam("ListUsers").text("//Path"), "/hidden/");
    EXPECT_THAT(call("DescribeStacks", {{"StackName", "s"}}).reply.body, Not(HasSubstr("hidden")));
    const auto told = call("DescribeStackEvents", {{"StackName", "s"}}).reply.body;
    EXPECT_THAT(told, Not(HasSubstr("hidden")));
    EXPECT_THAT(told, HasSubstr("/****/"));
}

TEST_F(StackUpdates, ATemplateSaysWhatItAsksFor) {
    const auto summary = call(
        "GetTemplateSummary",
        {{"TemplateBody",
          "Parameters: {P: {Type: String, Default: a, AllowedValues: [a, b], Description: d, NoEcho: true}}\n"
          "Resources: {U: {Type: 'AWS::IAM::User'}}"}});
    EXPECT_EQ(summary.text("//Parameters/member/ParameterKey"), "P");
    EXPECT_EQ(summary.text("//Parameters/member/ParameterType"), "String");
    EXPECT_EQ(summary.text("//Parameters/member/NoEcho"), "true");
    EXPECT_THAT(texts(summary, "//AllowedValues/member"), ElementsAre("a", "b"));
}

}  // namespace
}  // namespace keytide::lab
