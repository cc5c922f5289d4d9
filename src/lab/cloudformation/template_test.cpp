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
        Refusal{"Transform: x\nResources: {}",
                "Template format error: the section Transform is not supported here yet."},
        Refusal{"Resources: {U: {Type: 'AWS::S3::Bucke'}}",
                "Template format error: Unrecognized resource types: [AWS::S3::Bucke]"},
        Refusal{"Parameters: {P: {}}\nResources: {U: {Type: 'AWS::IAM::User'}}",
                "Template format error: Every Parameters object must contain a Type member."},
        Refusal{"Parameters: {P: {Type: Text}}\nResources: {U: {Type: 'AWS::IAM::User'}}",
                "Template format error: Unrecognized parameter type: Text"},
        Refusal{"Parameters: {P: {Type: String, Default: b, AllowedValues: [a]}}\nResources: {U: {Type: "
                "'AWS::IAM::User'}}",
                "Parameter 'P' must be one of AllowedValues"},
        Refusal{"Mappings: {M: {a: b}}\nResources: {U: {Type: 'AWS::IAM::User'}}",
                "Template format error: Every Mappings attribute must be a map. [/Mappings/M/a]"},
        Refusal{"Conditions: {C: yes}\nResources: {U: {Type: 'AWS::IAM::User'}}",
                "Template format error: Conditions can only be boolean operations on parameters and other "
                "conditions"},
        Refusal{"Conditions: {C: !Equals [!Ref U, a]}\nResources: {U: {Type: 'AWS::IAM::User'}}",
                "Template format error: Unresolved dependencies [U]. Cannot reference resources in the "
                "Conditions block of the template"},
        Refusal{"Conditions: {A: !Not [!Condition B], B: !Not [!Condition A]}\nResources: {U: {Type: "
                "'AWS::IAM::User'}}",
                "Template format error: Circular dependency between conditions"},
        Refusal{"Resources: {U: {Type: 'AWS::IAM::User', Condition: C}}",
                "Template format error: Unresolved condition dependency C in the Resources block of the "
                "template"},
        Refusal{"Resources: {U: {Type: 'AWS::IAM::User', Properties: {Path: !If [C, a, b]}}}",
                "Template error: unresolved condition dependency C in Fn::If"},
        Refusal{"Resources: {U: {Type: 'AWS::IAM::User', Properties: {Path: !FindInMap [M, a, b]}}}",
                "Template error: Mapping named 'M' is not present in the 'Mappings' section of template."},
        Refusal{"Resources: {U: {Type: 'AWS::IAM::User'}}\nOutputs: {O: {Value: !Ref V}}",
                "Unresolved resource dependencies [V] in the Outputs block of the template"},
        Refusal{"Resources: {U: {Type: 'AWS::IAM::User'}}\nOutputs: {O: {Description: x}}",
                "Template format error: Every Outputs member must contain a Value object"},
        Refusal{"Resources: {U: {Type: 'AWS::IAM::User'}}\nOutputs: {O: {Value: x, Export: {Name: y}}}",
                "Template format error: [/Outputs/O] Export is not supported here yet."},
        Refusal{"Resources: {U: {Properties: {}}}",
                "Template format error: [/Resources/U] Every Resources object must contain a Type member."},
        Refusal{"Resources: {U: text}", "Template format error: Any Resources member must be an object."},
        Refusal{"Resources: {U-1: {Type: 'AWS::IAM::User'}}",
                "Template format error: Resource name U-1 is non alphanumeric."},
        Refusal{"Resources: {U: {Type: 'AWS::IAM::User', Foo: 1}}",
                "Invalid template resource property 'Foo'"},
        Refusal{"Resources: {U: {Type: 'AWS::IAM::User', DeletionPolicy: Keep}}",
                "Template format error: Unrecognized DeletionPolicy Keep for resource U"},
        Refusal{"Resources: {U: {Type: 'AWS::IAM::User', CreationPolicy: {}}}",
                "Template format error: [/Resources/U] CreationPolicy is not supported here yet."},
        Refusal{"Resources: {U: {Type: 'AWS::IAM::User', Properties: {Rank: 1}}}",
                "Resource U: Encountered unsupported property Rank of AWS::IAM::User."},
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
