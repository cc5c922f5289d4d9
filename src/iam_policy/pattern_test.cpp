#include "iam_policy/pattern.hpp"

#include <gtest/gtest.h>

#include <random>
#include <regex>

namespace keytide::iam_policy {
namespace {

bool glob_matches(std::string_view pattern, std::string_view text) {
    return Pattern(pattern, {.wildcards = true}).matches(text);
}

TEST(Glob, KnowsStarAndQuestionMark) {
    EXPECT_TRUE(glob_matches("", ""));
    EXPECT_TRUE(glob_matches("*", ""));
    EXPECT_TRUE(glob_matches("a?c", "abc"));
    EXPECT_TRUE(glob_matches("a*b*c", "a-b-b-c"));
    EXPECT_TRUE(glob_matches("*.txt", "a.txt.txt"));
    EXPECT_FALSE(glob_matches("?", ""));
    EXPECT_FALSE(glob_matches("a", "ab"));
    EXPECT_FALSE(glob_matches("a*b", "a"));
}

TEST(Glob, TakesNoLongerForHostilePatterns) {
    std::string pattern;
    for (int i = 0; i < 500; ++i) pattern += "a*";
    const std::string text(20'000, 'a');
    EXPECT_TRUE(glob_matches(pattern, text));
    EXPECT_FALSE(glob_matches(pattern + "b", text));  // exponential with naive backtracking
}

TEST(Glob, AgreesWithRegularExpressions) {
    std::mt19937 random(20260131);
    const auto word = [&](std::string_view alphabet) {
        std::string text;
        for (auto n = random() % 9; n > 0; --n) text += alphabet[random() % alphabet.size()];
        return text;
    };
    int hits = 0;
    for (int i = 0; i < 20'000; ++i) {
        const auto pattern = word("ab*?");
        const auto text = word("ab");
        std::string expression;
        for (const char c : pattern) expression += c == '*' ? ".*" : c == '?' ? "." : std::string(1, c);
        const bool expected = std::regex_match(text, std::regex(expression));
        ASSERT_EQ(glob_matches(pattern, text), expected) << pattern << " on " << text;
        hits += expected;
    }
    EXPECT_GT(hits, 1000);
}

TEST(ResourcePattern, ALoneStarIsEverythingAndAnArnIsNotTheAbsenceOfAResource) {
    const MapContext nothing;
    EXPECT_TRUE(ResourcePattern("*", true).matches("*", nothing));
    EXPECT_TRUE(ResourcePattern("*", true).matches("arn:aws:s3:::b", nothing));
    EXPECT_FALSE(ResourcePattern("arn:*:s3:*:*:*", true).matches("*", nothing));
    EXPECT_TRUE(ResourcePattern("arn:aws:s3:::*", true).matches("arn:aws:s3:::a/b:c", nothing));
}

}  // namespace
}  // namespace keytide::iam_policy
