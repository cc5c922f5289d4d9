#include "lab/cloudformation/evaluation.hpp"

#include <gmock/gmock.h>

#include "lab/cloudformation/template_text.hpp"

namespace keytide::lab::cloudformation {
namespace {

using ::testing::HasSubstr;

std::string come_to(std::string_view yaml) {
    const auto value = *read_yaml(yaml);
    if (auto names = names_in(value); !names) return names.error().message;
    const ConditionValues conditions{{"yes", true}, {"no", false}};
    const auto mappings = *read_yaml("M: {a: {text: 1, list: [x, y]}}");
    const Surroundings surroundings{
        [](const Reference& reference) -> Outcome<Value> {
            if (reference.to == "AWS::NoValue") return Value{};
            if (reference.to == "List") return Value::list({Value::text("p"), Value::text("q")});
            return Value::text("<" + reference.to +
                               (reference.attribute.empty() ? "" : "." + reference.attribute) + ">");
        },
        conditions, mappings};
    const auto result = evaluate(value, surroundings);
    return result ? to_json(*result) : result.error().message;
}

TEST(Evaluation, PutsAnswersInThePlaceOfFunctions) {
    EXPECT_EQ(come_to("a: [x, !Ref One]\nb: {c: !GetAtt Two.Arn, n: 5}"),
              R"({"a":["x","<One>"],"b":{"c":"<Two.Arn>","n":5}})");
    EXPECT_EQ(come_to("!Sub 'arn:${AWS::Partition}:${U.Arn}/${!aws:username}'"),
              R"("arn:<AWS::Partition>:<U.Arn>/${aws:username}")");
    EXPECT_EQ(come_to("!Sub ['${A}-${A}-${B}', {A: !Join ['', [x, !Ref C]]}]"), R"("x<C>-x<C>-<B>")");
    EXPECT_EQ(come_to("!Join ['-', [a, 1, !Ref R]]"), R"("a-1-<R>")");
    EXPECT_EQ(come_to("!Join [',', !Ref List]"), R"("p,q")");
    EXPECT_EQ(come_to("!Split ['|', 'a||c']"), R"(["a","","c"])");
    EXPECT_EQ(come_to("!Select ['1', !Split [',', 'a,b,c']]"), R"("b")");
    EXPECT_EQ(come_to("!FindInMap [M, !Select [0, [a]], text]"), "1");
    EXPECT_EQ(come_to("!FindInMap [M, a, list]"), R"(["x","y"])");
    EXPECT_EQ(come_to("[!If [yes, a, b], !If [no, a, !Ref R]]"), R"(["a","<R>"])");
}

TEST(Evaluation, NoValueTakesAwayWhatItStandsIn) {
    EXPECT_EQ(come_to("a: !Ref AWS::NoValue\nb: [x, !If [no, y, !Ref AWS::NoValue]]"), R"({"b":["x"]})");
}

TEST(Evaluation, SaysInAwsWordsWhatIsNotThere) {
    EXPECT_EQ(come_to("!Select [2, [a, b]]"),
              "Template error: Fn::Select cannot select nonexistent value at index 2");
    EXPECT_EQ(come_to("!Select [-1, [a, b]]"),
              "Template error: Fn::Select cannot select nonexistent value at index -1");
    EXPECT_EQ(come_to("!FindInMap [M, b, text]"), "Template error: Unable to get mapping for M::b::text");
    EXPECT_THAT(come_to("!Join ['', [[a], b]]"), HasSubstr("every Fn::Join object requires two parameters"));
    EXPECT_THAT(come_to("!Sub '${List}'"), HasSubstr("variable List in Fn::Sub"));
    EXPECT_THAT(come_to("!Split [',', !Ref List]"), HasSubstr("Fn::Split needs a string"));
}

// Each level says the one below ten times: what the last would write has a hundred million letters.
TEST(Evaluation, IsNotLedToWriteWithoutEnd) {
    std::string yaml = "x";
    for (int level = 0; level < 8; ++level)
        yaml = "!Sub ['${a}${a}${a}${a}${a}${a}${a}${a}${a}${a}', {a: " + yaml + "}]";
    EXPECT_THAT(come_to(yaml), HasSubstr("write more than 1048576 bytes"));
}

}  // namespace
}  // namespace keytide::lab::cloudformation
