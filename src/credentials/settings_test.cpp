#include "credentials/settings.hpp"

#include <gtest/gtest.h>

#include "credentials/scratch_folder.hpp"

namespace keytide::credentials {
namespace {

using Variables = std::map<std::string, std::string, std::less<>>;

struct SettingsOf : testing::Test {
    ScratchFolder home;

    Result<Settings> resolve(Variables variables, const SettingOptions& options = {}) {
        variables.emplace("HOME", home.path());
        const auto env = fixed_environment(std::move(variables));
        const auto files = load_profile_files(env);
        if (!files) return std::unexpected(files.error());
        return resolve_settings(options, env, *files);
    }
    static std::string text(const std::optional<Setting>& s) {
        return s ? s->value + " from " + s->from : "(none)";
    }
    std::string config() const { return home / ".aws/config"; }
};

TEST_F(SettingsOf, NothingAreTheDefaults) {
    const auto s = resolve({});
    ASSERT_TRUE(s);
    EXPECT_EQ(s->profile, "default");
    EXPECT_EQ(s->profile_from, "");
    for (const auto* setting : {&s->region, &s->iam, &s->sts, &s->s3, &s->ca_bundle}) EXPECT_FALSE(*setting);
}

TEST_F(SettingsOf, TheOptionBeatsTheVariableBeatsTheProfile) {
    home.write(".aws/config", "[default]\nregion = r1\nca_bundle = c1\n");
    EXPECT_EQ(text(resolve({})->region), "r1 from " + config() + " [default]");
    EXPECT_EQ(text(resolve({{"AWS_DEFAULT_REGION", "r2"}})->region), "r2 from AWS_DEFAULT_REGION");
    EXPECT_EQ(text(resolve({{"AWS_DEFAULT_REGION", "r2"}, {"AWS_REGION", "r3"}})->region),
              "r3 from AWS_REGION");
    EXPECT_EQ(text(resolve({{"AWS_REGION", ""}})->region), "r1 from " + config() + " [default]");
    EXPECT_EQ(text(resolve({{"AWS_REGION", "r3"}}, {.region = "r4"})->region), "r4 from --region");
    EXPECT_EQ(text(resolve({})->ca_bundle), "c1 from " + config() + " [default]");
    EXPECT_EQ(text(resolve({{"AWS_CA_BUNDLE", "c2"}})->ca_bundle), "c2 from AWS_CA_BUNDLE");
    EXPECT_EQ(text(resolve({{"AWS_CA_BUNDLE", "c2"}}, {.ca_bundle = "c3"})->ca_bundle),
              "c3 from --ca-bundle");
}

TEST_F(SettingsOf, TheProfileIsChosenAsTheAwsCliDoes) {
    home.write(".aws/config", "[profile a]\nregion = ra\n[profile \"b c\"]\nregion = rb\n");
    home.write(".aws/credentials", "[d]\nregion = rd\n[a]\nregion = over\n");
    EXPECT_EQ(resolve({{"AWS_PROFILE", "a"}, {"AWS_DEFAULT_PROFILE", "d"}})->profile_from, "AWS_PROFILE");
    EXPECT_EQ(resolve({{"AWS_DEFAULT_PROFILE", "d"}})->region->value, "rd");
    EXPECT_EQ(resolve({{"AWS_PROFILE", "a"}})->region->value, "over") << "the credentials file wins";
    const auto s = resolve({{"AWS_PROFILE", "a"}}, {.profile = "b c"});
    EXPECT_EQ(s->region->value, "rb");
    EXPECT_TRUE(s->profile_is_option);
    EXPECT_FALSE(resolve({{"AWS_PROFILE", "a"}})->profile_is_option);
}

TEST_F(SettingsOf, AnUnknownProfileIsRefusedWithTheOnesThatExist) {
    home.write(".aws/config", "[profile a]\n[not-a-profile]\n");
    home.write(".aws/credentials", "[d]\n");
    const auto s = resolve({}, {.profile = "x"});
    ASSERT_FALSE(s);
    EXPECT_EQ(s.error().kind, ErrorKind::usage);
    EXPECT_EQ(s.error().message, "there is no profile 'x' (from --profile)");
    EXPECT_EQ(s.error().hint, "the profiles are: a, d");
    EXPECT_FALSE(resolve({{"AWS_PROFILE", ""}}));
    EXPECT_FALSE(resolve({{"AWS_PROFILE", "not-a-profile"}}));
}

TEST_F(SettingsOf, EndpointsAreSearchedInTheSdksOrder) {
    home.write(".aws/config",
               "[default]\nservices = local\nendpoint_url = http://profile\n"
               "[services local]\niam =\n  endpoint_url = http://section-iam\ns3 =\n  other = 1\n");
    EXPECT_EQ(resolve({})->iam->value, "http://section-iam");
    EXPECT_EQ(resolve({})->iam->from, config() + " [services local]");
    EXPECT_EQ(resolve({})->s3->value, "http://profile");
    EXPECT_EQ(resolve({})->sts->value, "http://profile");

    const Variables both{{"AWS_ENDPOINT_URL", "http://all"}, {"AWS_ENDPOINT_URL_STS", "http://sts"}};
    EXPECT_EQ(text(resolve(both)->sts), "http://sts from AWS_ENDPOINT_URL_STS");
    EXPECT_EQ(text(resolve(both)->iam), "http://all from AWS_ENDPOINT_URL");
    EXPECT_EQ(text(resolve(both, {.endpoint_url = "http://o"})->sts), "http://o from --endpoint-url");

    auto ignoring = both;
    ignoring["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"] = "True";
    EXPECT_EQ(text(resolve(ignoring)->iam), "(none)");
    EXPECT_EQ(resolve(ignoring, {.endpoint_url = "http://o"})->iam->value, "http://o");
}

TEST_F(SettingsOf, ABadEndpointIsRefusedAndNamesItsSource) {
    const auto s = resolve({{"AWS_ENDPOINT_URL", "localhost:4599"}});
    ASSERT_FALSE(s);
    EXPECT_EQ(s.error().message, "'localhost:4599' (from AWS_ENDPOINT_URL) is not an endpoint URL");
    home.write(".aws/config", "[default]\nservices = missing\n");
    EXPECT_FALSE(resolve({})) << "a services section that is not there";
}

TEST_F(SettingsOf, TheMfaDeviceIsTheProfiles) {
    home.write(".aws/config",
               "[default]\nmfa_serial = GAHT12345678\n[profile p]\nmfa_serial = arn:aws:iam::1:mfa/p\n"
               "[profile none]\nregion = r\n");
    EXPECT_EQ(text(resolve({})->mfa_serial), "GAHT12345678 from " + config() + " [default]");
    EXPECT_EQ(resolve({{"AWS_PROFILE", "p"}})->mfa_serial->value, "arn:aws:iam::1:mfa/p");
    EXPECT_FALSE(resolve({{"AWS_PROFILE", "none"}})->mfa_serial);
}

TEST_F(SettingsOf, FilesAreFoundWhereTheVariablesSay) {
    home.write("elsewhere/config", "[default]\nregion = r\n");
    home.write(".aws/config", "[default]\nregion = usual\n");
    EXPECT_EQ(resolve({{"AWS_CONFIG_FILE", "~/elsewhere/config"}})->region->value, "r");
    EXPECT_EQ(resolve({{"AWS_CONFIG_FILE", "$HOME/elsewhere/config"}})->region->value, "r");
    EXPECT_FALSE(resolve({{"AWS_CONFIG_FILE", "/dev/null"}})->region);
    EXPECT_FALSE(resolve({{"AWS_CONFIG_FILE", ""}})->region);
    EXPECT_FALSE(resolve({{"AWS_CONFIG_FILE", home.path()}})) << "a folder";
    EXPECT_FALSE(resolve({{"AWS_SHARED_CREDENTIALS_FILE", home.write("bad", "[a]\n[a]\n")}}));
}

}  // namespace
}  // namespace keytide::credentials
