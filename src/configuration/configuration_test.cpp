#include "configuration/configuration.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace keytide::configuration {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

Finding only_finding(std::string_view text) {
    const auto parsed = parse(text);
    if (parsed) return {0, "nothing was found", ""};
    EXPECT_EQ(parsed.error().size(), 1u);
    return parsed.error().front();
}

TEST(Configuration, NamesKeysTheirProfilesAndPlaces) {
    const auto parsed = parse(
        "keys:\n"
        "  app:\n"
        "    profile: work\n"
        "    destinations:\n"
        "      - env-file:/srv/app/env?format=systemd\n"
        "    on-delivered: [notify-unit:app.service]\n"
        "    lifetime: 90m\n"
        "    consumers: [web, worker]\n"
        "  backup: {profile: admin, user-name: backup, destinations: [\"env-file:/b\"]}\n"
        "serve:\n"
        "  listen: 127.0.0.1:0\n");
    ASSERT_TRUE(parsed) << parsed.error().front().message;
    ASSERT_EQ(parsed->keys.size(), 2u);
    const auto& app = parsed->keys.front();
    EXPECT_EQ(app.name, "app");
    EXPECT_EQ(app.line, 2u);
    EXPECT_EQ(app.profile, "work");
    EXPECT_THAT(app.destinations, ElementsAre("env-file:/srv/app/env?format=systemd"));
    EXPECT_THAT(app.on_delivered, ElementsAre("notify-unit:app.service"));
    EXPECT_EQ(app.lifetime, std::chrono::minutes(90));
    EXPECT_THAT(app.consumers, ElementsAre("web", "worker"));
    EXPECT_EQ(parsed->find("backup")->user_name, "backup");
    EXPECT_EQ(parsed->find("nobody"), nullptr);
    EXPECT_EQ(parsed->listen, "127.0.0.1:0");
}

TEST(Configuration, MayBeEmpty) {
    EXPECT_TRUE(parse(""));
    EXPECT_TRUE(parse("# nothing yet\n"));
}

TEST(Configuration, RefusesAWordThatIsSpelledWronglyWithItsLineAndTheRightOne) {
    const auto found = only_finding("keys:\n  app:\n    profile: work\n    destinatons: []\n");
    EXPECT_EQ(found.line, 4u);
    EXPECT_THAT(found.message, HasSubstr("'destinatons'"));
    EXPECT_THAT(found.hint, HasSubstr("'destinations'"));
    EXPECT_THAT(only_finding("kees: {}\n").hint, HasSubstr("'keys'"));
    EXPECT_THAT(only_finding("fleet: {}\n").hint, HasSubstr("it knows: keys, serve"));
}

TEST(Configuration, TellsAllThatIsWrongAtOnce) {
    const auto parsed =
        parse("keys:\n  a: {profil: x}\n  b: {profile: x, lifetime: 5m}\n  c: {profile: [x]}\n");
    ASSERT_FALSE(parsed);
    std::vector<std::size_t> lines;
    for (const auto& finding : parsed.error()) lines.push_back(finding.line);
    EXPECT_THAT(lines, ElementsAre(2, 3, 4));
}

TEST(Configuration, RefusesWhatCouldMeanTwoThings) {
    EXPECT_THAT(only_finding("keys:\n  a: {profile: x}\n  a: {profile: y}\n").message, HasSubstr("twice"));
    EXPECT_THAT(only_finding("keys:\n  a: {profile: x, profile: y}\n").message, HasSubstr("twice"));
    EXPECT_THAT(only_finding("keys: {}\n---\nkeys: {}\n").message, HasSubstr("second document"));
    EXPECT_THAT(only_finding("keys: {a: {profile: x, consumers: [w, w]}}").message, HasSubstr("twice"));
}

TEST(Configuration, AKeyNeedsAProfileAndAnAdministratorsAPlace) {
    EXPECT_THAT(only_finding("keys: {a: {destinations: []}}").message, HasSubstr("no profile"));
    EXPECT_THAT(only_finding("keys: {a: {profile: admin, user-name: bob}}").message,
                HasSubstr("no destination"));
}

TEST(Configuration, LifetimesAreLongerThanTheWindowInWhichSdksRefresh) {
    EXPECT_THAT(only_finding("keys: {a: {profile: x, lifetime: 15m}}").message, HasSubstr("20m to 12h"));
    EXPECT_TRUE(parse("keys: {a: {profile: x, lifetime: 20m}}"));
}

TEST(Configuration, WhatIsNotYamlIsToldWithItsLine) {
    EXPECT_EQ(only_finding("keys:\n  a: [\n").line, 3u);
    EXPECT_THAT(only_finding("keys: &a [*a]\n").message, HasSubstr("not a mapping"));
    EXPECT_THAT(only_finding(std::string(100'000, '[')).message, HasSubstr("not YAML"));
}

TEST(Configuration, NamesAreFitForPathsAndCommandLines) {
    for (const std::string name : {"../x", "-x", ".x", "a b", "a/b"})
        EXPECT_THAT(only_finding("keys: {\"" + name + "\": {profile: x}}").message, HasSubstr("no name"))
            << name;
}

TEST(Nearest, IsNobodyWhenNothingIsNear) {
    EXPECT_EQ(nearest("profle", {"profile", "lifetime"}), "profile");
    EXPECT_EQ(nearest("zebra", {"profile", "lifetime"}), std::nullopt);
}

}  // namespace
}  // namespace keytide::configuration
