#include "lab/state/passwords.hpp"

#include <gtest/gtest.h>

namespace keytide::lab {
namespace {

std::string refusal(std::string_view password) {
    const auto valid = check_password("password", password);
    return valid ? "" : valid.error().code + ": " + valid.error().message;
}

// The texts are those of public transcripts.
TEST(Passwords, HaveEightCharactersOfThreeKinds) {
    EXPECT_EQ(refusal("Abcdefg1"), "");
    EXPECT_EQ(refusal("abcdef1!"), "");
    EXPECT_EQ(refusal("Abcd1!"), "PasswordPolicyViolation: Password should have a minimum length of 8");
    EXPECT_EQ(refusal("abcdefgh1"),
              "PasswordPolicyViolation: Password should meet 1 more of the following requirements: Password "
              "should have at least one uppercase letter, Password should have at least one symbol");
    EXPECT_EQ(refusal("12345678"),
              "PasswordPolicyViolation: Password should meet 2 more of the following requirements: Password "
              "should have at least one uppercase letter, Password should have at least one lowercase "
              "letter, Password should have at least one symbol");
}

TEST(Passwords, AreLatinAndNotTooLong) {
    EXPECT_EQ(refusal("Äöüäöüä1aB"), "");
    EXPECT_TRUE(refusal("Abcdefg1\xe2\x82\xac").starts_with("ValidationError")) << "the euro sign";
    EXPECT_TRUE(refusal(std::string("Abcdefg1\0", 9)).starts_with("ValidationError"));
    EXPECT_TRUE(refusal("").starts_with("ValidationError"));
    EXPECT_EQ(refusal("A1" + std::string(126, 'a')), "");
    EXPECT_TRUE(refusal("A1" + std::string(127, 'a')).starts_with("ValidationError"));
    std::string umlauts = "A1";
    for (int i = 0; i < 126; ++i) umlauts += "ä";
    EXPECT_EQ(refusal(umlauts + "a").substr(0, 10), "Validation") << "characters count, not bytes";
}

TEST(Passwords, HaveStandInsThatSayNothingOfThem) {
    const auto stand_in = stand_in_for("correct Horse 1", "AIDAEXAMPLE");
    EXPECT_EQ(stand_in_for("correct Horse 1", "AIDAEXAMPLE"), stand_in);
    EXPECT_NE(stand_in_for("correct Horse 2", "AIDAEXAMPLE"), stand_in);
    EXPECT_NE(stand_in_for("correct Horse 1", "AIDAOTHER"), stand_in);
    EXPECT_EQ(stand_in.find("orse"), std::string::npos);
    EXPECT_EQ(refusal(stand_in), "");
}

TEST(Passwords, HaveStandInsWithTheSameFault) {
    for (const std::string& faulty :
         {std::string(), std::string("Abcd1!"), std::string("abcdefgh1"), std::string("12345678"),
          std::string("        x"), std::string("\xff\xff\xff\xff\xff\xff\xff\xff"), std::string(200, 'x')}) {
        const auto stand_in = stand_in_for(faulty, "AIDAEXAMPLE");
        EXPECT_EQ(refusal(stand_in), refusal(faulty)) << faulty;
        if (!faulty.empty()) EXPECT_NE(stand_in, faulty);
    }
}

}  // namespace
}  // namespace keytide::lab
