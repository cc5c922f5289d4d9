#include "lab/cloudformation/intrinsics.hpp"

#include <gmock/gmock.h>

#include "lab/cloudformation/template_text.hpp"

namespace keytide::lab::cloudformation {
namespace {

using ::testing::ElementsAre;
using ::testing::StartsWith;

std::string refusal(std::string_view yaml, Place place = Place::resource) {
    const auto found = names_in(*read_yaml(yaml), place);
    return found ? "" : found.error().message;
}

std::vector<std::string> references(std::string_view yaml) {
    std::vector<std::string> all;
    const auto names = *names_in(*read_yaml(yaml));
    for (const auto& one : names.references)
        all.push_back(one.attribute.empty() ? one.to : one.to + "." + one.attribute);
    return all;
}

TEST(Intrinsics, FindsReferencesWhereverTheyStand) {
    EXPECT_THAT(references("a: [x, !Ref One]\nb: {c: !GetAtt Two.Arn}\nd: !Ref AWS::Region"),
                ElementsAre("One", "Two.Arn", "AWS::Region"));
    EXPECT_THAT(references("!Sub '${One}-${Two.Arn}-${!Three}-${AWS::Region}'"),
                ElementsAre("One", "Two.Arn", "AWS::Region"));
    EXPECT_THAT(references("!Sub ['${A}${B}', {A: !Ref One}]"), ElementsAre("B", "One"));
    EXPECT_THAT(references("!If [c, !Ref One, !Join ['', [!Ref Two]]]"), ElementsAre("One", "Two"));
    EXPECT_THAT(references("!Select [0, !Split [',', !Ref One]]"), ElementsAre("One"));
}

TEST(Intrinsics, FindsConditionsAndMappings) {
    const auto names = names_in(*read_yaml("!If [c, !FindInMap [M, !Ref K, v], {Condition: {Bool: {}}}]"));
    ASSERT_TRUE(names) << names.error().message;
    EXPECT_THAT(names->conditions, ElementsAre("c"));
    EXPECT_THAT(names->mappings, ElementsAre("M"));
}

TEST(Intrinsics, RefusesMalformedAndUnsupportedFunctions) {
    EXPECT_EQ(refusal("{Ref: [a]}"), "Template error: every Ref object must have a single String value.");
    EXPECT_EQ(refusal("{Ref: a, b: c}"), "Template error: every Ref object must have a single String value.");
    const char* attribute =
        "Template error: every Fn::GetAtt object requires two non-empty parameters, the resource name and "
        "the resource attribute";
    EXPECT_EQ(refusal("!GetAtt User"), attribute);
    EXPECT_EQ(refusal("!GetAtt [User, '']"), attribute);
    EXPECT_EQ(refusal("Fn::GetAtt: {User: Arn}"), attribute);
    EXPECT_EQ(refusal("x: !Base64 a"),
              "Template error: Encountered unsupported function: Fn::Base64 Supported functions are: "
              "[Fn::FindInMap, Fn::GetAtt, Fn::If, Fn::Join, Fn::Select, Fn::Split, Fn::Sub, Ref]");
    EXPECT_THAT(refusal("x: {y: 1, Fn::If: []}"), StartsWith("Template error: "));
    for (const char* malformed :
         {"!Sub [a]", "!Sub ['a', b]", "!Sub [[a], {}]", "!Sub '${}'", "!Sub '${a b}'", "!Sub '${a'",
          "!Join [',']", "!Join [',', a]", "!Join [[], []]", "!Split ['', a]", "!Split [',', [a]]",
          "!Select [0]", "!Select [0, a]", "!FindInMap [a, b]", "!FindInMap [a, b, [c]]", "!If [c, a]",
          "!If [!Ref c, a, b]"})
        EXPECT_THAT(refusal(malformed), StartsWith("Template error: ")) << malformed;
}

TEST(Intrinsics, OnlyConditionsCallBooleanFunctions) {
    for (const char* boolean : {"!Equals [a, !Ref b]", "!Not [!Equals [a, b]]",
                                "!And [!Condition a, !Equals [a, b]]", "!Or [!Condition a, !Condition b]"}) {
        EXPECT_EQ(refusal(boolean, Place::condition), "") << boolean;
        EXPECT_THAT(refusal(boolean), StartsWith("Template error: Encountered unsupported function: "));
    }
    EXPECT_EQ(refusal("!Equals [a, [b]]", Place::condition),
              "Template error: every Fn::Equals object requires a list of 2 string parameters.");
    EXPECT_EQ(refusal("!And [!Equals [a, b]]", Place::condition),
              "Template error: every Fn::And object requires a list of at least 2 and at most 10 boolean "
              "parameters.");
    EXPECT_THAT(refusal("!Not [a]", Place::condition), StartsWith("Template error: every Fn::Not"));
    EXPECT_THAT(refusal("!Equals [!Not [!Condition a], b]", Place::condition),
                StartsWith("Template error: Encountered unsupported function: Fn::Not"));
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
