#include "destinations/destination_uri.hpp"

#include <gtest/gtest.h>

namespace keytide::destinations {
namespace {

const Origin here{"/home/bob/project", "/home/bob"};

std::string canonical(std::string_view text) {
    const auto uri = parse_destination_uri(text, here);
    return uri ? uri->text() : "error: " + uri.error().message + "; " + uri.error().hint;
}

TEST(DestinationUri, HasOneCanonicalForm) {
    EXPECT_EQ(canonical("credentials-file:/a/b"), "credentials-file:/a/b?profile=default");
    EXPECT_EQ(canonical("credentials-file:c?profile=p"), "credentials-file:/home/bob/project/c?profile=p");
    EXPECT_EQ(canonical("env-file:~/env"), "env-file:/home/bob/env?format=export");
    EXPECT_EQ(canonical("env-file:a%3Fb%25 \u00e9?format=systemd"),
              "env-file:/home/bob/project/a%3Fb%25%20%C3%A9?format=systemd");
    EXPECT_EQ(canonical("config-file:/c?profile=a%26b%3dc"), "config-file:/c?profile=a%26b%3Dc");
    for (const auto* text : {"credentials-file:/a/b?profile=x%20y", "env-file:/a%3Fb?format=dotenv"})
        EXPECT_EQ(canonical(text), text);
    EXPECT_EQ(profile_uri("credentials-file", "/a b", "p q"), "credentials-file:/a%20b?profile=p%20q");
}

TEST(DestinationUri, WritesDownWhatTheEnvironmentAndTheFolderAdd) {
    EXPECT_EQ(canonical("file:a.json?format=json&id=/a/b&secret=/a/c"),
              "file:/home/bob/project/a.json?format=json&id=/a/b&secret=/a/c");
    EXPECT_EQ(canonical("template:/etc/app.conf?from=~/app.tpl"),
              "template:/etc/app.conf?from=/home/bob/app.tpl");
    EXPECT_EQ(canonical("exec:./deliver --to x"),
              "exec:./deliver%20--to%20x?folder=/home/bob/project&read=yes&timeout=60s");
    EXPECT_EQ(canonical("vault:kv/app"),
              "error: 'vault:kv/app' does not say address; add address=VALUE, or set VAULT_ADDR");
    const Origin elsewhere{"/", "", credentials::fixed_environment({{"VAULT_ADDR", "https://v.example/"}})};
    const auto uri = parse_destination_uri("vault:kv/app", elsewhere);
    ASSERT_TRUE(uri);
    EXPECT_EQ(uri->text(),
              "vault:kv/app?address=https://v.example&id=AWS_ACCESS_KEY_ID&secret=AWS_SECRET_ACCESS_KEY");
    EXPECT_EQ(canonical(uri->text()), uri->text());
}

TEST(DestinationUri, SendsNothingUnencryptedBeyondThisMachine) {
    EXPECT_EQ(canonical("vault:kv/app?address=http://v.example"),
              "error: 'http://v.example' would be spoken to unencrypted; use https://");
    EXPECT_TRUE(canonical("vault:kv/app?address=http://127.0.0.1:8200").starts_with("vault:"));
    for (const auto* bad : {"ftp://v", "v.example", "https://u:p@v.example", "https://v.example/%3Fx=y"})
        EXPECT_TRUE(canonical(std::string("vault:kv/app?address=") + bad).starts_with("error: ")) << bad;
}

TEST(DestinationUri, DerivesAPasswordForOneRegionAtAnyPlace) {
    EXPECT_EQ(canonical("env-file:/e?as=ses-smtp&region=eu-west-1"),
              "env-file:/e?as=ses-smtp&format=export&region=eu-west-1");
    EXPECT_TRUE(canonical("env-file:/e?as=ses-smtp").starts_with("error: "));
    EXPECT_TRUE(canonical("env-file:/e?region=eu-west-1").starts_with("error: "));
    EXPECT_TRUE(canonical("env-file:/e?as=rot13&region=eu-west-1").starts_with("error: "));
}

TEST(DestinationUri, ErrorsNameWhatExists) {
    EXPECT_EQ(
        canonical("s3:/a"),
        "error: 's3:/a' is not a destination; write it as KIND:PATH, where KIND is one of: "
        "credentials-file, config-file, env-file, file, template, exec, secretsmanager, ssm, kubernetes, "
        "vault, github, person");
    EXPECT_EQ(
        canonical("env-file:/a?mode=x"),
        "error: 'env-file:/a?mode=x' has a parameter that env-file does not know; it knows: format, as, "
        "region");
    EXPECT_EQ(canonical("env-file:/a?format=json"),
              "error: 'json' is no format of env-file; there are: export, dotenv, systemd");
    for (const auto* bad : {"", "/a", "env-file", "env-file:", "env-file:/a/", "env-file:/a%2",
                            "env-file:/a%zz", "env-file:/a%00b", "env-file:/a?format", "env-file:/a?format=",
                            "env-file:/a?format=dotenv&format=dotenv", "env-file:/a?&"}) {
        const auto uri = parse_destination_uri(bad, here);
        ASSERT_FALSE(uri) << bad;
        EXPECT_EQ(uri.error().kind, ErrorKind::usage);
    }
}

}  // namespace
}  // namespace keytide::destinations
