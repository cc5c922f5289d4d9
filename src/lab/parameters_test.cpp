#include "lab/parameters.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace keytide::lab {
namespace {

using ::testing::ElementsAre;

TEST(Parameters, AreDecodedAsAForm) {
    const auto p = Parameters::parse("Action=GetUser&UserName=a%2Bb+c&Empty=&Bare&Odd=100%&&Action=Other");
    EXPECT_EQ(p.get("Action"), "GetUser");
    EXPECT_EQ(p.get("UserName"), "a+b c");
    EXPECT_TRUE(p.has("Empty"));
    EXPECT_TRUE(p.has("Bare"));
    EXPECT_FALSE(p.has("Absent"));
    EXPECT_EQ(p.get("Absent", "otherwise"), "otherwise");
    EXPECT_EQ(p.get("Odd"), "100%");
}

TEST(Parameters, ListsComeInTheOrderOfTheirNumbers) {
    const auto p =
        Parameters::parse("C.member.10=c&C.member.2=b&C.member.1=a&C.member.x=no&Cc.member.1=no&C=");
    EXPECT_THAT(p.list("C.member"), ElementsAre("a", "b", "c"));
    EXPECT_TRUE(p.list("D.member").empty());
}

TEST(Parameters, StructuresAreParametersAgain) {
    const auto p = Parameters::parse(
        "P.member.2.K=two&P.member.1.K=one&P.member.1.V=x&P.member.1.L.member.1=deep&P.member.1=no");
    const auto members = p.structures("P.member");
    ASSERT_EQ(members.size(), 2U);
    EXPECT_EQ(members[0].get("K"), "one");
    EXPECT_EQ(members[0].get("V"), "x");
    EXPECT_THAT(members[0].list("L.member"), ElementsAre("deep"));
    EXPECT_EQ(members[1].get("K"), "two");
}

}  // namespace
}  // namespace keytide::lab
