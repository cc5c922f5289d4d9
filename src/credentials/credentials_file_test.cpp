#include "credentials/credentials_file.hpp"

#include <gtest/gtest.h>

namespace keytide::credentials {
namespace {

constexpr std::string_view old_secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";

IniDocument parsed(std::string_view text) {
    auto document = IniDocument::parse(text, "/c");
    if (!document) throw std::runtime_error(document.error().message);
    return std::move(*document);
}

AccessKey new_key() {
    return {
        *AccessKeyId::parse("AKIAI44QH8DHBEXAMPLE"), Secret("je7MtGbClwBF/2Zp9Utk/h3yCo8nvbEXAMPLEKEY"), {}};
}

std::string refusal(std::string_view text, FileKind kind = FileKind::credentials) {
    const auto key = read_key(parsed(text), kind, "default");
    return key ? "(accepted)" : key.error().message;
}

std::string written(std::string_view text, FileKind kind, std::string_view profile) {
    const auto document = write_key(parsed(text), kind, profile, new_key());
    return document ? std::string(document->text()) : "error: " + document.error().message;
}

TEST(ProfileSection, IsNamedDifferentlyInTheTwoFiles) {
    using enum FileKind;
    EXPECT_EQ(profile_name(credentials, "profile a"), "profile a");
    EXPECT_EQ(profile_name(config, "profile a"), "a");
    EXPECT_EQ(profile_name(config, "profile \"a b\""), "a b");
    EXPECT_EQ(profile_name(config, "profile 'a \"b'"), "a \"b");
    EXPECT_EQ(profile_name(config, "profile a\\ b"), "a b");
    EXPECT_EQ(profile_name(config, "default"), "default");
    for (const auto* none : {"a", "profile", "profile a b", "profile \"a", "services a", "profilefoo"})
        EXPECT_EQ(profile_name(config, none), std::nullopt) << none;
    for (const auto* name : {"a", "a b", "a\"b", "a\\b", "it's"})
        EXPECT_EQ(profile_name(config, section_name(config, name)), name);
}

TEST(CredentialsFile, ReadsThePair) {
    const auto text = "[default]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = " +
                      std::string(old_secret) + "\n[b]\nregion = x\n";
    const auto key = read_key(parsed(text), FileKind::credentials, "default");
    ASSERT_TRUE(key && *key);
    EXPECT_EQ((*key)->id.text(), "AKIAIOSFODNN7EXAMPLE");
    EXPECT_EQ((*key)->secret.reveal(), old_secret);
    EXPECT_TRUE((*key)->session_token.empty());
    EXPECT_FALSE(*read_key(parsed(text), FileKind::credentials, "b"));
    EXPECT_FALSE(*read_key(parsed(text), FileKind::credentials, "missing"));
}

TEST(CredentialsFile, ReadsEitherNameOfTheSessionToken) {
    for (const std::string name : {"aws_session_token", "aws_security_token"}) {
        const auto key = read_key(parsed("[default]\naws_access_key_id=AKIAIOSFODNN7EXAMPLE\n"
                                         "aws_secret_access_key=wJalr\n" +
                                         name + "=token\n"),
                                  FileKind::credentials, "default");
        ASSERT_TRUE(key && *key);
        EXPECT_EQ((*key)->session_token.reveal(), "token");
    }
}

TEST(CredentialsFile, RefusesWhatProgramsWouldStumbleOver) {
    EXPECT_EQ(refusal("[default]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\n"),
              "the profile default in /c has half a key: aws_secret_access_key is missing");
    EXPECT_EQ(refusal("[default]\naws_secret_access_key = wJalr\n"),
              "the profile default in /c has half a key: aws_access_key_id is missing");
    EXPECT_EQ(refusal("[default]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key =\n"),
              "the profile default in /c has half a key: aws_secret_access_key is missing");
    EXPECT_EQ(refusal("[default]\naws_access_key_id = AKIA # mine\naws_secret_access_key = wJalr\n"),
              "/c line 2: this is not an access key id");
    EXPECT_EQ(refusal("[default]\naws_access_key_id = AKIA\naws_secret_access_key = wJalr # mine\n"),
              "/c line 3: this is not a secret access key: it holds white space");
    EXPECT_EQ(refusal("[DEFAULT]\naws_access_key_id = AKIA\n[default]\n"),
              "/c has aws_access_key_id in [DEFAULT], which boto3 gives to every profile");
    EXPECT_EQ(refusal("[profile default]\n[default]\n", FileKind::config),
              "the profile default in /c has 2 sections");
}

TEST(CredentialsFile, WritesThePairAndNothingElse) {
    EXPECT_EQ(written("# mine\n[default]\nAWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE\n"
                      "aws_secret_access_key   =   wJalr  \nregion = x\n\n[b]\naws_access_key_id = OTHER",
                      FileKind::credentials, "default"),
              "# mine\n[default]\nAWS_ACCESS_KEY_ID=AKIAI44QH8DHBEXAMPLE\n"
              "aws_secret_access_key   =   je7MtGbClwBF/2Zp9Utk/h3yCo8nvbEXAMPLEKEY  \nregion = x\n\n"
              "[b]\naws_access_key_id = OTHER");
}

TEST(CredentialsFile, MakesTheProfileWhenItIsMissing) {
    const std::string pair =
        "aws_access_key_id = AKIAI44QH8DHBEXAMPLE\n"
        "aws_secret_access_key = je7MtGbClwBF/2Zp9Utk/h3yCo8nvbEXAMPLEKEY\n";
    EXPECT_EQ(written("", FileKind::credentials, "default"), "[default]\n" + pair);
    EXPECT_EQ(written("[a]\nx = 1", FileKind::config, "b c"), "[a]\nx = 1\n\n[profile \"b c\"]\n" + pair);
    EXPECT_EQ(written("[b]\n", FileKind::credentials, "b"), "[b]\n" + pair);
}

TEST(CredentialsFile, WritesNoLongTermKeyBesideASessionToken) {
    EXPECT_EQ(written("[default]\naws_session_token = t\n", FileKind::credentials, "default"),
              "error: the profile default in /c has a session token on line 2");
    EXPECT_TRUE(written("[default]\naws_session_token =\n", FileKind::credentials, "default")
                    .starts_with("[default]"))
        << "an empty one is none";
}

}  // namespace
}  // namespace keytide::credentials
