// What nobody writes by accident: it is refused, or bounded.
#include <gtest/gtest.h>

#include "iam_policy/policy.hpp"

namespace keytide::iam_policy {
namespace {

std::string repeated(std::string_view text, int times) {
    std::string result;
    for (int i = 0; i < times; ++i) result += text;
    return result;
}

std::string refusal(std::string_view json, Kind kind = Kind::identity) {
    const auto policy = Policy::parse(json, kind);
    return policy ? "accepted" : policy.error().message;
}

std::string statement(std::string_view elements) {
    return R"({"Version":"2012-10-17","Statement":{"Effect":"Allow",)" + std::string(elements) + "}}";
}

TEST(Hostile, DeepNestingIsRefused) {
    for (const char* opening : {"[", R"({"Statement":)", R"({"Statement":[)"}) {
        EXPECT_EQ(refusal(repeated(opening, 8'000)), "Syntax errors in policy.");
        EXPECT_EQ(refusal(repeated(opening, 8'000), Kind::trust), "This policy contains invalid Json");
    }
    EXPECT_EQ(refusal(statement(R"("Action":"*","Resource":"*","Condition":)" + repeated("{\"a\":", 20) +
                                "1" + repeated("}", 20))),
              "Syntax errors in policy.");
}

TEST(Hostile, DocumentsThatAreTooLongAreRefusedUnread) {
    EXPECT_EQ(refusal(statement(R"("Action":"*","Resource":"*")") + std::string(longest_document, ' ')),
              "Syntax errors in policy.");
}

TEST(Hostile, AKeyGivenTwiceIsRefusedAtEveryDepth) {
    const auto with = [](std::string_view elements) {
        return refusal(statement(R"("Action":"*","Resource":"*",)" + std::string(elements)));
    };
    EXPECT_EQ(with(R"("Resource":"*")"), "Syntax errors in policy.");
    EXPECT_EQ(with(R"("Resour\u0063e":"*")"), "Syntax errors in policy.") << "the same key in other letters";
    EXPECT_EQ(with(R"("Condition":{"Bool":{"a:b":"true"},"Bool":{"a:c":"true"}})"),
              "Syntax errors in policy.");
    EXPECT_EQ(with(R"("Condition":{"Bool":{"a:b":"true","a:b":"false"}})"), "Syntax errors in policy.");
    EXPECT_EQ(with(R"("Condition":{"Bool":{"a:b":"true","A:B":"false"}})"), "accepted") << "both must hold";
}

TEST(Hostile, TypesThatTheGrammarDoesNotHaveAreRefused) {
    for (const char* elements :
         {R"("Action":1,"Resource":"*")", R"("Action":["*",null],"Resource":"*")",
          R"("Action":{},"Resource":"*")", R"("Action":"*","Resource":[["*"]])",
          R"("Action":"*","Resource":"*","Condition":[])",
          R"("Action":"*","Resource":"*","Condition":{"Bool":"true"})",
          R"("Action":"*","Resource":"*","Condition":{"Bool":{"a:b":null}})",
          R"("Action":"*","Resource":"*","Condition":{"Bool":{"a:b":{"c":"d"}}})",
          R"("Action":"*","Resource":"*","Sid":7)", R"("Action":"*","Resource":"*","Effect2":"Allow")"})
        EXPECT_EQ(refusal(statement(elements)), "Syntax errors in policy.") << elements;
    EXPECT_EQ(refusal("\"x\""), "Syntax errors in policy.");
    EXPECT_EQ(refusal("null"), "Syntax errors in policy.");
    EXPECT_EQ(refusal(std::string("{\"Statement\":\0}", 15)), "Syntax errors in policy.");
    EXPECT_EQ(refusal("{\"Statement\":\"\xff\xfe\"}"), "Syntax errors in policy.");
}

// Steps are counted, not time: a pattern is as long as a document lets it be, and so is a name; with
// backtracking this would not end.
TEST(Hostile, PatternsThatWouldBacktrackEnd) {
    const auto policy = Policy::parse(statement(R"("Action":")" + ("s3:" + repeated("*a", 20'000)) +
                                                R"(","Resource":"arn:aws:s3:::)" + repeated("a*", 20'000) +
                                                R"(b","Condition":{"StringLike":{"a:b":")" +
                                                repeated("*?a", 10'000) + R"("}})"));
    ASSERT_TRUE(policy) << policy.error().message;
    const MapContext context{{"a:b", std::string(2048, 'a')}};
    const auto action = "s3:" + std::string(2048, 'a');
    const auto resource = "arn:aws:s3:::" + std::string(2048, 'a');
    EXPECT_EQ(policy->evaluate({.action = action, .resource = resource, .context = context}).verdict,
              Verdict::implicit_deny);
}

// Like an alias that is expanded again and again: what thousands of variables stand for is far longer than
// what is matched, and is not walked.
TEST(Hostile, VariablesDoNotBlowUp) {
    const auto policy = Policy::parse(statement(R"("Action":"*","Resource":"arn:aws:s3:::*)" +
                                                repeated("${aws:PrincipalTag/a}*", 4000) + "\""));
    ASSERT_TRUE(policy) << policy.error().message;
    const MapContext context{{"aws:PrincipalTag/a", std::string(256, 'a')}};
    const auto resource = "arn:aws:s3:::" + std::string(2048, 'a');
    EXPECT_EQ(policy->evaluate({.action = "s3:GetObject", .resource = resource, .context = context}).verdict,
              Verdict::implicit_deny);
}

TEST(Hostile, ThousandsOfEntriesAreReadAndMatched) {
    std::string many = R"("Action":["s3:None")";
    for (int i = 0; i < 5000; ++i) many += R"(,"s3:Get*Nothing)" + std::to_string(i) + '"';
    const auto policy = Policy::parse(statement(many + R"(,"s3:GetObject"],"Resource":"*")"));
    ASSERT_TRUE(policy) << policy.error().message;
    EXPECT_EQ(policy->evaluate({.action = "s3:GetObject", .resource = "*", .context = MapContext{}}).verdict,
              Verdict::allowed);
}

TEST(Hostile, SpecialCharactersAreOnlyCharacters) {
    const auto policy = Policy::parse(statement(R"("Action":"*","Resource":"arn:aws:s3:::\u0000\u0101*ÿ")"));
    ASSERT_TRUE(policy);
    const auto verdict = [&](std::string_view resource) {
        return policy->evaluate({.action = "s3:GetObject", .resource = resource, .context = MapContext{}})
            .verdict;
    };
    EXPECT_EQ(verdict(std::string("arn:aws:s3:::\0āxÿ", 19)), Verdict::allowed);
    EXPECT_EQ(verdict(std::string("arn:aws:s3:::\0?xÿ", 18)), Verdict::implicit_deny);
}

}  // namespace
}  // namespace keytide::iam_policy
