#include "lab/cloudformation/template_text.hpp"

#include <gmock/gmock.h>

#include <random>

#include "lab/cloudformation/sample_template.hpp"

namespace keytide::lab::cloudformation {
namespace {

using ::testing::HasSubstr;

std::string json_of(std::string_view text) {
    const auto value = read_template_text(text);
    return value ? to_json(*value) : value.error().message;
}

TEST(TemplateText, ReadsYamlShortFormsAsTheLongOnes) {
    EXPECT_EQ(json_of("a: !Ref User\nb: !GetAtt User.Arn\nc: !GetAtt [User, Arn]\nd: !Sub '${User}'\n"
                      "e: !Join [',', [x, !Ref y]]\n"),
              R"({"a":{"Ref":"User"},"b":{"Fn::GetAtt":["User","Arn"]},"c":{"Fn::GetAtt":["User","Arn"]},)"
              R"("d":{"Fn::Sub":"${User}"},"e":{"Fn::Join":[",",["x",{"Ref":"y"}]]}})");
}

TEST(TemplateText, ReadsTheSameFromJson) {
    EXPECT_EQ(json_of(sample_template_json), json_of(sample_template));
}

TEST(TemplateText, KeepsDatesTextsAndKnowsNumbers) {
    EXPECT_EQ(
        json_of("date: 2010-09-09\nquoted: '12'\nwhole: 12\nfraction: -1.50\nyes: true\n"
                "account: 000123456789\noctal: 0o17\nnothing: ~\nempty:\nstring: !!str 5\nblock: |\n  a\n"),
        R"({"date":"2010-09-09","quoted":"12","whole":12,"fraction":-1.50,"yes":true,)"
        R"("account":"000123456789","octal":"0o17","nothing":null,"empty":null,"string":"5",)"
        R"("block":"a\n"})");
}

TEST(TemplateText, SaysWhereItIsNotWellFormed) {
    EXPECT_EQ(json_of("a: 1\nb: [1, 2\n"), "Template format error: YAML not well-formed. (line 3, column 1)");
    EXPECT_EQ(json_of("a: 1\nb: \x01\n"), "Template format error: YAML not well-formed. (line 2, column 4)");
    EXPECT_EQ(json_of("{\"a\": 1,\n \"b\": x}"),
              "Template format error: JSON not well-formed. (line 2, column 7)");
    EXPECT_EQ(json_of("{\"a\": 1} rest"), "Template format error: JSON not well-formed. (line 1, column 10)");
    EXPECT_EQ(json_of("{\"a\": "), "Template format error: JSON not well-formed. (line 1, column 7)");
}

TEST(TemplateText, RefusesWhatAnotherReaderWouldReadDifferently) {
    EXPECT_EQ(json_of("a: &x {b: 1}\nc: *x\n"),
              "Template error: YAML aliases are not allowed in CloudFormation templates");
    EXPECT_EQ(json_of("a: 1\nb: 2\na: 3\n"),
              "Template format error: YAML not well-formed. (line 3, column 1)");
    EXPECT_THAT(json_of(R"({"a": 1, "a": 2})"), HasSubstr("names a key twice"));
    EXPECT_THAT(json_of("? [a, b]\n: 1\n"), HasSubstr("not well-formed"));
    EXPECT_THAT(json_of("a: !!binary aGVsbG8=\n"), HasSubstr("not well-formed"));
}

TEST(TemplateText, RefusesWhatIsNoObject) {
    for (const char* text : {"just words", "- a\n- b\n", "a: 1\n---\nb: 2\n", "# only a comment\n", "12"})
        EXPECT_EQ(json_of(text), "Template format error: unsupported structure.") << text;
    EXPECT_THAT(json_of("  \n"), HasSubstr("'templateBody' failed to satisfy constraint"));
}

TEST(TemplateText, HasTheLengthThatAwsAllows) {
    const std::string longest = "a: " + std::string(longest_template - 3, 'x');
    EXPECT_TRUE(read_template_text(longest));
    EXPECT_THAT(json_of(longest + "x"), HasSubstr("length less than or equal to 51200"));
}

TEST(TemplateText, IsNotLedIntoTheDeep) {
    for (const std::string_view before : {"a: ", "{\"a\": "}) {
        const auto nested = [&](std::size_t depth) {
            const bool json = before.front() == '{';
            return std::string(before) + std::string(depth - 1, '[') + std::string(depth - 1, ']') +
                   (json ? "}" : "");
        };
        EXPECT_TRUE(read_template_text(nested(deepest_value)));
        EXPECT_FALSE(read_template_text(nested(deepest_value + 1)));
    }
    for (const char* bracket : {"[", "{\"a\":", "- ", "? ", "{", "!Ref [", "- - &a "}) {
        std::string text = "a: ";
        if (bracket[0] == '-' || bracket[0] == '?') text = "a:\n  ";
        if (bracket[0] == '{' && bracket[1] != 0) text.clear();
        while (text.size() < longest_template - 10) text += bracket;
        EXPECT_THAT(json_of(text), HasSubstr("not well-formed")) << bracket;
    }
}

// Any bytes at all give a value or a refusal: the sample with bytes changed, cut and doubled at random
// places.
TEST(TemplateText, SurvivesAnyBytes) {
    std::mt19937 random(20240229);  // NOLINT: the same lives each time
    const auto below = [&](std::size_t n) { return std::size_t(random() % n); };
    for (const std::string_view sample : {sample_template, sample_template_json}) {
        std::size_t refused = 0;
        for (int life = 0; life < 4000; ++life) {
            std::string text(sample);
            for (std::size_t wound = 0; wound <= below(4); ++wound) {
                const auto at = below(text.size());
                switch (below(4)) {
                    case 0: text[at] = char(random()); break;
                    case 1: text.erase(at, 1 + below(20)); break;
                    case 2: text.insert(at, text.substr(below(text.size()), below(200))); break;
                    default: text.insert(at, 1, "{}[]:,&*!|>'\"%@`#-?\n\t "[below(23)]); break;
                }
                if (text.empty()) text = "a";
            }
            const auto value = read_template_text(text);
            if (value) continue;
            ++refused;
            EXPECT_EQ(value.error().code, "ValidationError");
        }
        EXPECT_GT(refused, 500U);
    }
}

}  // namespace
}  // namespace keytide::lab::cloudformation
