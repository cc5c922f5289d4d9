#include "lab/cloudformation/template.hpp"

#include <gtest/gtest.h>

#include <ostream>

#include "lab/cloudformation/sample_template.hpp"

namespace keytide::lab::cloudformation {
namespace {

TEST(Template, UnderstandsTheSample) {
    const auto sample = parse_template(std::string(sample_template));
    ASSERT_TRUE(sample) << sample.error().message;
    EXPECT_EQ(sample->description, "IAM User Sample");
    ASSERT_EQ(sample->resources.size(), 2U);
    EXPECT_EQ(sample->resources[0].logical_id, "User");
    EXPECT_EQ(sample->resources[1].depends_on, std::set<std::string>{"User"});
}

TEST(Template, OrdersResourcesByTheirDependencies) {
    const auto ordered = parse_template(R"(
Resources:
  Last: {Type: AWS::IAM::Policy, Properties: {Users: [!Ref Second]}}
  Second: {Type: AWS::IAM::User, DependsOn: First}
  First: {Type: AWS::IAM::User}
)");
    ASSERT_TRUE(ordered) << ordered.error().message;
    EXPECT_EQ(ordered->resources[0].logical_id, "First");
    EXPECT_EQ(ordered->resources[1].logical_id, "Second");
    EXPECT_EQ(ordered->resources[2].logical_id, "Last");
}

TEST(Template, AsksForTheCapabilityThatAwsAsksFor) {
    const auto named = *parse_template(std::string(sample_template));
    const auto unnamed = *parse_template("Resources: {User: {Type: 'AWS::IAM::User'}}");
    EXPECT_TRUE(check_capabilities(named, {"CAPABILITY_NAMED_IAM"}));
    EXPECT_TRUE(check_capabilities(unnamed, {"CAPABILITY_IAM"}));
    EXPECT_TRUE(check_capabilities(unnamed, {"CAPABILITY_NAMED_IAM"}));
    EXPECT_EQ(check_capabilities(unnamed, {}).error().message, "Requires capabilities : [CAPABILITY_IAM]");
    const auto refused = check_capabilities(named, {"CAPABILITY_IAM"});
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, "InsufficientCapabilitiesException");
    EXPECT_EQ(refused.error().message, "Requires capabilities : [CAPABILITY_NAMED_IAM]");
    EXPECT_EQ(refused.error().status, 400);
}

struct Refusal {
    const char* text;
    const char* message;
};
void PrintTo(const Refusal& refusal, std::ostream* out) {
    *out << refusal.message;
}

class TemplateRefusal : public ::testing::TestWithParam<Refusal> {};

TEST_P(TemplateRefusal, IsSaidInAwsWords) {
    const auto refused = parse_template(GetParam().text);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, "ValidationError");
    EXPECT_EQ(refused.error().message, GetParam().message);
}

INSTANTIATE_TEST_SUITE_P(
    Each, TemplateRefusal,
    ::testing::Values(
        Refusal{"Description: x", "Template format error: At least one Resources member must be defined."},
        Refusal{"Resources: {}", "Template format error: At least one Resources member must be defined."},
        Refusal{"{Resources: {}}", "Template format error: JSON not well-formed. (line 1, column 2)"},
        Refusal{"AWSTemplateFormatVersion: 2010-09-10\nResources: {U: {Type: 'AWS::IAM::User'}}",
                "Template format error: unsupported value for AWSTemplateFormatVersion."},
        Refusal{"Foo: 1\nBar: 2\nResources: {}", "Invalid template property or properties [Foo, Bar]"},
        Refusal{"Parameters: {}\nResources: {}",
                "Template format error: the section Parameters is not supported here yet."},
        Refusal{"Resources: {U: {Type: 'AWS::S3::Bucket'}}",
                "Template format error: Unrecognized resource types: [AWS::S3::Bucket]"},
        Refusal{"Resources: {U: {Properties: {}}}",
                "Template format error: [/Resources/U] Every Resources object must contain a Type member."},
        Refusal{"Resources: {U: text}", "Template format error: Any Resources member must be an object."},
        Refusal{"Resources: {U-1: {Type: 'AWS::IAM::User'}}",
                "Template format error: Resource name U-1 is non alphanumeric."},
        Refusal{"Resources: {U: {Type: 'AWS::IAM::User', Foo: 1}}",
                "Invalid template resource property 'Foo'"},
        Refusal{"Resources: {U: {Type: 'AWS::IAM::User', DeletionPolicy: Retain}}",
                "Template format error: [/Resources/U] DeletionPolicy is not supported here yet."},
        Refusal{"Resources: {U: {Type: 'AWS::IAM::User', Properties: {Tags: []}}}",
                "Resource U: Encountered unsupported property Tags of AWS::IAM::User."},
        Refusal{"Resources: {U: {Type: 'AWS::IAM::User', Properties: {UserName: [a]}}}",
                "Resource U: Value of property UserName must be of type String."},
        Refusal{"Resources: {U: {Type: 'AWS::IAM::User', Properties: {UserName: }}}",
                "[/Resources/U/Type/UserName] 'null' values are not allowed in templates"},
        Refusal{"Resources: {U: {Type: 'AWS::IAM::User', Properties: }}",
                "[/Resources/U/Properties] 'null' values are not allowed in templates"},
        Refusal{"Resources: {P: {Type: 'AWS::IAM::Policy', Properties: {PolicyDocument: '{}'}}}",
                "Resource P: Value of property PolicyDocument must be an object."},
        Refusal{"Resources: {P: {Type: 'AWS::IAM::Policy', Properties: {Users: bob}}}",
                "Resource P: Value of property Users must be of type List of String."},
        Refusal{
            "Resources: {P: {Type: 'AWS::IAM::Policy', Properties: {Users: [!Ref Nobody]}}}",
            "Template format error: Unresolved resource dependencies [Nobody] in the Resources block of the "
            "template"},
        Refusal{
            "Resources: {U: {Type: 'AWS::IAM::User', DependsOn: [Nobody]}}",
            "Template format error: Unresolved resource dependencies [Nobody] in the Resources block of the "
            "template"},
        Refusal{"Resources: {U: {Type: 'AWS::IAM::User', Properties: {Path: !Ref AWS::NoValue}}}",
                "Template format error: Unresolved resource dependencies [AWS::NoValue] in the Resources "
                "block of "
                "the template"},
        Refusal{"Resources: {U: {Type: 'AWS::IAM::User', Properties: {UserName: !GetAtt X.Arn}}}",
                "Template error: instance of Fn::GetAtt references undefined resource X"},
        Refusal{
            "Resources: {U: {Type: 'AWS::IAM::User'}, P: {Type: 'AWS::IAM::Policy', Properties: {PolicyName: "
            "!GetAtt U.Id}}}",
            "Template error: resource U does not support attribute type Id in Fn::GetAtt"},
        Refusal{
            "Resources: {A: {Type: 'AWS::IAM::User', DependsOn: B}, B: {Type: 'AWS::IAM::User', Properties: "
            "{UserName: !Ref A}}}",
            "Circular dependency between resources: [A, B]"}));

}  // namespace
}  // namespace keytide::lab::cloudformation
