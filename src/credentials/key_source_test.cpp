#include "credentials/key_source.hpp"

#include <gtest/gtest.h>

#include "credentials/same_key.hpp"
#include "credentials/scratch_folder.hpp"

namespace keytide::credentials {
namespace {

using Variables = std::map<std::string, std::string, std::less<>>;

const std::string pair_a =
    "aws_access_key_id = AKIAIOSFODNN7EXAMPLE\n"
    "aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\n";
const std::string pair_b =
    "aws_access_key_id = AKIAI44QH8DHBEXAMPLE\n"
    "aws_secret_access_key = je7MtGbClwBF/2Zp9Utk/h3yCo8nvbEXAMPLEKEY\n";
const Variables key_variables{{"AWS_ACCESS_KEY_ID", "AKIAENVIRONMENTKEY00"},
                              {"AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"}};

struct KeySourceOf : testing::Test {
    ScratchFolder home;

    Result<KeySource> find(Variables variables, const SettingOptions& options = {}) {
        variables.emplace("HOME", home.path());
        const auto env = fixed_environment(std::move(variables));
        const auto files = load_profile_files(env);
        if (!files) return std::unexpected(files.error());
        const auto settings = resolve_settings(options, env, *files);
        if (!settings) return std::unexpected(settings.error());
        return find_key(*settings, env, *files);
    }
    std::string found(const Variables& variables, const SettingOptions& options = {}) {
        const auto source = find(variables, options);
        if (!source) return source.error().message;
        return source->key.id.text() + " of " + source->describe();
    }
    std::string credentials() const { return home / ".aws/credentials"; }
    std::string config() const { return home / ".aws/config"; }
};

TEST_F(KeySourceOf, TheEnvironmentComesFirstUnlessAProfileIsAnOption) {
    home.write(".aws/credentials", "[default]\n" + pair_a + "[b]\n" + pair_b);
    EXPECT_EQ(found(key_variables), "AKIAENVIRONMENTKEY00 of the environment (AWS_ACCESS_KEY_ID)");
    auto with_profile = key_variables;
    with_profile["AWS_PROFILE"] = "b";
    EXPECT_EQ(found(with_profile), "AKIAENVIRONMENTKEY00 of the environment (AWS_ACCESS_KEY_ID)");
    EXPECT_EQ(found(key_variables, {.profile = "b"}),
              "AKIAI44QH8DHBEXAMPLE of the profile b in " + credentials());
    EXPECT_EQ(found({{"AWS_PROFILE", "b"}}), "AKIAI44QH8DHBEXAMPLE of the profile b in " + credentials());
    EXPECT_EQ(found({}), "AKIAIOSFODNN7EXAMPLE of the profile default in " + credentials());
}

TEST_F(KeySourceOf, TheCredentialsFileComesBeforeTheConfigFile) {
    home.write(".aws/config", "[default]\n" + pair_b);
    EXPECT_EQ(found({}), "AKIAI44QH8DHBEXAMPLE of the profile default in " + config());
    EXPECT_EQ(find({})->origin, KeySource::Origin::config_file);
    home.write(".aws/credentials", "[default]\n" + pair_a);
    EXPECT_EQ(found({}), "AKIAIOSFODNN7EXAMPLE of the profile default in " + credentials());
    EXPECT_EQ(find({})->origin, KeySource::Origin::credentials_file);
    EXPECT_EQ(find({})->key.secret.reveal(), "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY");
}

TEST_F(KeySourceOf, HalfAPairIsRefused) {
    EXPECT_EQ(found({{"AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE"}}),
              "AWS_ACCESS_KEY_ID is set, but AWS_SECRET_ACCESS_KEY is not");
    home.write(".aws/credentials", "[default]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\n");
    home.write(".aws/config", "[default]\n" + pair_b);
    EXPECT_EQ(found({}),
              "the profile default in " + credentials() + " has half a key: aws_secret_access_key is missing")
        << "halves of two files are never put together";
}

TEST_F(KeySourceOf, TemporaryKeysAreNotRotated) {
    auto with_token = key_variables;
    with_token["AWS_SESSION_TOKEN"] = "token";
    EXPECT_EQ(found(with_token),
              "the environment (AWS_ACCESS_KEY_ID) holds temporary credentials (AKIAENVIRONMENTKEY00)");
    EXPECT_EQ(found({{"AWS_ACCESS_KEY_ID", "ASIAIOSFODNN7EXAMPLE"}, {"AWS_SECRET_ACCESS_KEY", "wJalr"}}),
              "the environment (AWS_ACCESS_KEY_ID) holds temporary credentials (ASIAIOSFODNN7EXAMPLE)");
    home.write(".aws/credentials", "[default]\n" + pair_a + "aws_session_token = t\n");
    EXPECT_EQ(found({}), "the profile default in " + credentials() +
                             " holds temporary credentials (AKIAIOSFODNN7EXAMPLE)");
}

TEST_F(KeySourceOf, TemporaryKeysMaySign) {
    auto with_token = key_variables;
    with_token["AWS_SESSION_TOKEN"] = "token";
    const auto environment = fixed_environment(with_token);
    const auto files = load_profile_files(environment);
    const auto source =
        find_key(*resolve_settings({}, environment, *files), environment, *files, KeyUse::sign);
    ASSERT_TRUE(source);
    EXPECT_EQ(source->key.session_token.reveal(), "token");
}

TEST_F(KeySourceOf, ProfilesWithoutAKeyOfTheirOwnGetAdvice) {
    const auto with = [&](const std::string& line, bool key_too = true) {
        home.write(".aws/config", "[default]\n" + line + "\n");
        home.write(".aws/credentials", key_too ? "[default]\n" + pair_a : "");
        return found({});
    };
    EXPECT_EQ(with("role_arn = arn:aws:iam::123456789012:role/r\nsource_profile = default"),
              "the profile default assumes a role (role_arn), so its keys are temporary");
    EXPECT_EQ(with("role_arn = r\nweb_identity_token_file = /t"),
              "the profile default uses web identity (web_identity_token_file), so its keys are temporary");
    EXPECT_EQ(with("sso_account_id = 123456789012"),
              "the profile default uses IAM Identity Center (SSO), so its keys are temporary");
    EXPECT_EQ(
        with("credential_process = /bin/p", false),
        "the profile default gets its keys from a program (credential_process), which alone can change them");
    EXPECT_EQ(with("login_session = x", false),
              "the profile default uses 'aws login', so its keys are temporary");
    EXPECT_TRUE(with("credential_process = /bin/p").starts_with("AKIAIOSFODNN7EXAMPLE of"))
        << "the AWS CLI takes the key of the credentials file first";
    EXPECT_EQ(found({{"AWS_WEB_IDENTITY_TOKEN_FILE", "/t"}}),
              "AWS_WEB_IDENTITY_TOKEN_FILE is set, so the credentials are a role's and temporary");
}

TEST_F(KeySourceOf, NoCredentialsAtAllIsSaidWithWhereTheyWereSought) {
    EXPECT_EQ(found({}),
              "there are no credentials: none in the environment, and none in the profile default of " +
                  credentials() + " and " + config());
    EXPECT_EQ(
        found({{"AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://localhost/"}}),
        "AWS_CONTAINER_CREDENTIALS_FULL_URI is set, so the credentials are a container's role and temporary");
}

TEST_F(KeySourceOf, TheSameKeyElsewhereIsFound) {
    home.write(".aws/credentials", "[default]\n" + pair_a + "[b]\n" + pair_b + "[c]\n" + pair_a);
    home.write(".aws/config", "[profile d]\n" + pair_a + "[not-a-profile]\n" + pair_a);
    home.write("other", "[e]\n" + pair_a);
    const auto id = *AccessKeyId::parse("AKIAIOSFODNN7EXAMPLE");
    const auto places = [&](Variables variables) {
        variables.emplace("HOME", home.path());
        const auto env = fixed_environment(std::move(variables));
        return places_of_key(id, *load_profile_files(env), env);
    };
    const KeyPlace in_default{FileKind::credentials, credentials(), "default"},
        in_c{FileKind::credentials, credentials(), "c"}, in_d{FileKind::config, config(), "d"},
        in_e{FileKind::credentials, home / "other", "e"};
    EXPECT_EQ(*places({}), (std::vector{in_default, in_c, in_d}));
    EXPECT_EQ(*places({{"AWS_SHARED_CREDENTIALS_FILE", home / "other"}}),
              (std::vector{in_e, in_d, in_default, in_c}))
        << "programs without the variable read the usual file";

    home.write(".aws/credentials", "[broken");
    EXPECT_FALSE(places({{"AWS_SHARED_CREDENTIALS_FILE", home / "other"}})) << "what it holds is not known";
}

}  // namespace
}  // namespace keytide::credentials
