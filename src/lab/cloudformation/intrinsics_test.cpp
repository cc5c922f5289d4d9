#include "lab/cloudformation/intrinsics.hpp"

#include <gmock/gmock.h>

#include "lab/cloudformation/template_text.hpp"

namespace keytide::lab::cloudformation {
namespace {

using ::testing::ElementsAre;

std::string refusal(std::string_view yaml) {
    const auto found = references_in(*read_yaml(yaml));
    return found ? "" : found.error().message;
}

TEST(Intrinsics, FindsReferencesWhereverTheyStand) {
    const auto found =
        references_in(*read_yaml("a: [x, !Ref One]\nb: {c: !GetAtt Two.Arn}\nd: !Ref AWS::Region"));
    ASSERT_TRUE(found);
    ASSERT_EQ(found->size(), 3U);
    EXPECT_EQ((*found)[0].to, "One");
    EXPECT_EQ((*found)[1].to, "Two");
    EXPECT_EQ((*found)[1].attribute, "Arn");
    EXPECT_TRUE((*found)[2].is_pseudo_parameter());
}

TEST(Intrinsics, RefusesMalformedAndUnsupportedFunctions) {
    EXPECT_EQ(refusal("{Ref: [a]}"), "Template error: every Ref object must have a single String value.");
    EXPECT_EQ(refusal("{Ref: a, b: c}"), "Template error: every Ref object must have a single String value.");
    const char* attribute =
        "Template error: every Fn::GetAtt object requires two non-empty parameters, the resource name and "
        "the "
        "resource attribute";
    EXPECT_EQ(refusal("!GetAtt User"), attribute);
    EXPECT_EQ(refusal("!GetAtt [User, '']"), attribute);
    EXPECT_EQ(refusal("Fn::GetAtt: {User: Arn}"), attribute);
    EXPECT_EQ(
        refusal("x: !Sub '${User}'"),
        "Template error: Encountered unsupported function: Fn::Sub Supported functions are: [Fn::GetAtt, "
        "Ref]");
    EXPECT_EQ(refusal("x: {y: 1, Fn::If: []}").substr(0, 16), "Template error: ");
}

TEST(Intrinsics, PutsAnswersInThePlaceOfReferences) {
    const auto value = *read_yaml("a: [x, !Ref One]\nb: {c: !GetAtt Two.Arn, n: 5}");
    EXPECT_EQ(
        to_json(resolve(value, [](const Reference& r) { return "<" + r.to + "." + r.attribute + ">"; })),
        R"({"a":["x","<One.>"],"b":{"c":"<Two.Arn>","n":5}})");
}

TEST(CreationOrder, PutsEachAfterWhatItDependsOn) {
    EXPECT_THAT(*creation_order({{"c", {"b"}}, {"b", {"a"}}, {"a", {}}, {"d", {}}}), ElementsAre(2, 3, 1, 0));
    EXPECT_THAT(*creation_order({}), ElementsAre());
}

TEST(CreationOrder, RefusesCircles) {
    const auto order = creation_order({{"a", {"b"}}, {"free", {}}, {"b", {"a"}}});
    ASSERT_FALSE(order);
    EXPECT_EQ(order.error().message, "Circular dependency between resources: [a, b]");
    EXPECT_EQ(order.error().code, "ValidationError");
    EXPECT_FALSE(creation_order({{"self", {"self"}}}));
}

}  // namespace
}  // namespace keytide::lab::cloudformation
