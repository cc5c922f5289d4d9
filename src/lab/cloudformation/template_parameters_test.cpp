#include "lab/cloudformation/template_parameters.hpp"

#include <gmock/gmock.h>

#include "lab/cloudformation/template_text.hpp"

namespace keytide::lab::cloudformation {
namespace {

std::vector<DeclaredParameter> declared(std::string_view yaml) {
    const auto section = *read_yaml(yaml);
    auto read = read_parameters(&section);
    EXPECT_TRUE(read) << read.error().message;
    return read ? *read : std::vector<DeclaredParameter>{};
}

std::string refusal(std::string_view yaml, const std::vector<GivenParameter>& given,
                    const ParameterValues* previous = nullptr) {
    const auto values = parameter_values(declared(yaml), given, previous);
    return values ? "" : values.error().message;
}

TEST(TemplateParameters, HaveTheValueGivenOrTheDefault) {
    const auto values = parameter_values(
        declared("A: {Type: String, Default: a}\nB: {Type: Number, Default: 1}"), {{"B", "2"}}, nullptr);
    ASSERT_TRUE(values);
    EXPECT_EQ(values->find("A")->second, "a");
    EXPECT_EQ(values->find("B")->second, "2");
}

TEST(TemplateParameters, KeepTheirPreviousValueWhereAsked) {
    const ParameterValues before{{"A", "kept"}};
    EXPECT_EQ(parameter_values(declared("A: {Type: String}"), {{"A", "", true}}, &before)->find("A")->second,
              "kept");
    EXPECT_EQ(
        refusal("B: {Type: String}", {{"B", "", true}}, &before),
        "Invalid input for parameter key B. Cannot specify usePreviousValue as true for a parameter key "
        "not in the previous template");
}

TEST(TemplateParameters, AreAllGivenAndKnown) {
    EXPECT_EQ(refusal("A: {Type: String}\nB: {Type: String}\nC: {Type: String, Default: ''}", {}),
              "Parameters: [A, B] must have values");
    EXPECT_EQ(refusal("A: {Type: String}", {{"A", "x"}, {"X", "x"}, {"Y", "y"}}),
              "Parameters: [X, Y] do not exist in the template");
    EXPECT_EQ(refusal("{}", {{"X", "x"}}),
              "Parameter values specified for a template which does not require them.");
}

TEST(TemplateParameters, SatisfyTheirConstraints) {
    EXPECT_EQ(refusal("A: {Type: String, AllowedValues: [a, b]}", {{"A", "c"}}),
              "Parameter 'A' must be one of AllowedValues");
    EXPECT_EQ(refusal("A: {Type: String, AllowedPattern: '[a-z]+'}", {{"A", "aB"}}),
              "Parameter 'A' must match pattern [a-z]+");
    EXPECT_EQ(refusal("A: {Type: String, MinLength: 2, ConstraintDescription: two letters}", {{"A", "c"}}),
              "Parameter A failed to satisfy constraint: two letters");
    EXPECT_EQ(refusal("A: {Type: String, MinLength: 2}", {{"A", "c"}}),
              "Parameter 'A' must contain at least 2 characters");
    EXPECT_EQ(refusal("A: {Type: String, MaxLength: 2}", {{"A", "abc"}}),
              "Parameter 'A' must contain at most 2 characters");
    EXPECT_EQ(refusal("A: {Type: Number}", {{"A", "x"}}), "Parameter 'A' must be a number");
    EXPECT_EQ(refusal("A: {Type: Number, MinValue: 3}", {{"A", "2"}}),
              "Parameter 'A' must be a number not less than 3");
    EXPECT_EQ(refusal("A: {Type: List<Number>, MaxValue: 3}", {{"A", "1, 4"}}),
              "Parameter 'A' must be a number not greater than 3");
    EXPECT_EQ(refusal("A: {Type: CommaDelimitedList, AllowedPattern: '[a-z]'}", {{"A", "a, b"}}), "");
    EXPECT_EQ(refusal("A: {Type: String}", {{"A", std::string(4097, 'x')}}),
              "Parameter 'A' must contain at most 4096 characters");
}

TEST(TemplateParameters, APatternThatWouldTakeForEverIsRefused) {
    EXPECT_NE(
        refusal("A: {Type: String, AllowedPattern: '(a+)+(a+)+(a+)+b'}", {{"A", std::string(4096, 'a')}}),
        "");
    const auto section = *read_yaml("A: {Type: String, AllowedPattern: '['}");
    EXPECT_FALSE(read_parameters(&section));
}

TEST(TemplateParameters, ListsAreReferredToWithoutWhiteSpace) {
    const auto lists = declared("A: {Type: CommaDelimitedList}");
    EXPECT_EQ(to_json(referred_value(lists[0], "a, b ,c")), R"(["a","b","c"])");
    EXPECT_EQ(to_json(referred_value(lists[0], "")), "[]");
}

TEST(TemplateParameters, WhatMustNotBeEchoedIsNot) {
    EXPECT_EQ(shown_value(declared("A: {Type: String, NoEcho: true}")[0], "secret"), "****");
}

}  // namespace
}  // namespace keytide::lab::cloudformation
