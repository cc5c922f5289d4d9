#include "lab/cloudformation/bound_template.hpp"

#include <gmock/gmock.h>

namespace keytide::lab::cloudformation {
namespace {

const StackPlace place{"123456789012", "us-east-1", "stack", "arn:stack"};

Outcome<BoundTemplate> bound(std::string text, const std::vector<GivenParameter>& given = {}) {
    auto declared = parse_template(std::move(text));
    if (!declared) return std::unexpected(declared.error());
    return bind_template(std::move(*declared), given, nullptr, place);
}

constexpr const char* text = R"(
Parameters: {Stage: {Type: String}}
Conditions:
  IsLive: !Equals [!Ref Stage, live]
  IsTest: !Not [!Condition IsLive]
  Both: !And [!Condition IsLive, !Condition IsTest]
  Either: !Or [!Condition IsLive, !Condition IsTest]
Resources:
  User: {Type: AWS::IAM::User}
  Live: {Type: AWS::IAM::User, Condition: IsLive, Properties: {UserName: !Sub '${Stage}-user'}}
  Other:
    Type: AWS::IAM::User
    Properties: {Path: !If [IsLive, !Sub '/${Live}/', /]}
)";

TEST(BoundTemplate, DecidesConditions) {
    const auto live = bound(text, {{"Stage", "live"}});
    ASSERT_TRUE(live) << live.error().message;
    EXPECT_TRUE(live->holds("IsLive"));
    EXPECT_FALSE(live->holds("IsTest"));
    EXPECT_FALSE(live->holds("Both"));
    EXPECT_TRUE(live->holds("Either"));
    EXPECT_NE(live->find("Live"), nullptr);
    const auto test = bound(text, {{"Stage", "test"}});
    ASSERT_TRUE(test) << test.error().message;
    EXPECT_EQ(test->find("Live"), nullptr);
}

TEST(BoundTemplate, EvaluatesWhatItKnowsAndAsksForTheRest) {
    const auto live = *bound(text, {{"Stage", "live"}});
    const auto value = live.evaluate(live.find("Other")->properties, place,
                                     [](const Reference& reference) { return "[" + reference.to + "]"; });
    EXPECT_EQ(to_json(*value), R"({"Path":"/[Live]/"})");
}

TEST(BoundTemplate, RefusesAReferenceToWhatWillNotBeThere) {
    const auto refused = bound(
        "Conditions: {Never: !Equals [a, b]}\nResources: {A: {Type: 'AWS::IAM::User', Condition: Never}, "
        "B: {Type: 'AWS::IAM::User', Properties: {Path: !Ref A}}}");
    ASSERT_FALSE(refused);
    EXPECT_EQ(
        refused.error().message,
        "Template format error: Unresolved resource dependencies [A] in the Resources block of the template");
}

}  // namespace
}  // namespace keytide::lab::cloudformation
