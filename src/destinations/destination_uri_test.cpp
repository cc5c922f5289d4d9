#include "destinations/destination_uri.hpp"

#include <gtest/gtest.h>

namespace keytide::destinations {
namespace {

const Origin here{"/home/bob/work", "/home/bob"};

std::string canonical(std::string_view text) {
    const auto uri = parse_destination_uri(text, here);
    return uri ? uri->text() : "error: " + uri.error().message + "; " + uri.error().hint;
}

TEST(DestinationUri, HasOneCanonicalForm) {
    EXPECT_EQ(canonical("credentials-file:/a/b"), "credentials-file:/a/b?profile=default");
    EXPECT_EQ(canonical("credentials-file:c?profile=p"), "credentials-file:/home/bob/work/c?profile=p");
    EXPECT_EQ(canonical("env-file:~/env"), "env-file:/home/bob/env?format=export");
    EXPECT_EQ(canonical("env-file:a%3Fb%25 \u00e9?format=systemd"),
              "env-file:/home/bob/work/a%3Fb%25%20%C3%A9?format=systemd");
    EXPECT_EQ(canonical("config-file:/c?profile=a%26b%3dc"), "config-file:/c?profile=a%26b%3Dc");
    for (const auto* text : {"credentials-file:/a/b?profile=x%20y", "env-file:/a%3Fb?format=dotenv"})
        EXPECT_EQ(canonical(text), text);
    EXPECT_EQ(profile_uri("credentials-file", "/a b", "p q"), "credentials-file:/a%20b?profile=p%20q");
}

TEST(DestinationUri, ErrorsNameWhatExists) {
    EXPECT_EQ(canonical("s3:/a"),
              "error: 's3:/a' is not a destination; write it as SCHEME:PATH, where SCHEME is one of: "
              "credentials-file, config-file, env-file");
    EXPECT_EQ(canonical("env-file:/a?mode=x"),
              "error: 'env-file:/a?mode=x' has a parameter that env-file does not know; it knows: format");
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
