#include "credentials/key_source.hpp"

#include <fmt/format.h>

#include "credentials/credentials_file.hpp"

namespace keytide::credentials {
namespace {

constexpr const char* use_a_users_key =
    "only long-term keys of IAM users are rotated; name a profile that holds one";

Result<KeySource> refuse_temporary(const KeySource& source) {
    return usage_error(
        fmt::format("{} holds temporary credentials ({})", source.describe(), source.key.id.text()),
        std::string("they end by themselves; ") + use_a_users_key);
}

Result<KeySource> check_term(KeySource source, KeyUse use) {
    if (use == KeyUse::sign) return source;
    if (source.key.is_temporary()) return refuse_temporary(source);
    return source;
}

// Nothing when AWS_ACCESS_KEY_ID is not set: a secret alone is no key to the AWS CLI either.
Result<std::optional<KeySource>> from_environment(const Environment& environment, KeyUse use) {
    const auto id = non_empty(environment, "AWS_ACCESS_KEY_ID");
    if (!id) return std::nullopt;
    const auto secret = non_empty(environment, "AWS_SECRET_ACCESS_KEY");
    if (!secret)
        return usage_error("AWS_ACCESS_KEY_ID is set, but AWS_SECRET_ACCESS_KEY is not",
                           "set both or neither, or name a profile with --profile");
    const auto parsed = AccessKeyId::parse(*id);
    if (!parsed) return usage_error("AWS_ACCESS_KEY_ID is not an access key id");
    KeySource source{{*parsed, Secret(*secret), Secret()}, KeySource::Origin::environment, "", ""};
    for (const auto* name : {"AWS_SECURITY_TOKEN", "AWS_SESSION_TOKEN"})
        if (const auto token = non_empty(environment, name)) source.key.session_token = Secret(*token);
    auto checked = check_term(std::move(source), use);
    if (!checked) return std::unexpected(checked.error());
    return std::move(*checked);
}

Result<std::optional<KeySource>> from_file(const ProfileFile& file, const std::string& profile, KeyUse use) {
    if (!file.document) return std::nullopt;
    auto key = read_key(*file.document, file.kind, profile);
    if (!key) return std::unexpected(key.error());
    if (!*key) return std::nullopt;
    const auto origin =
        file.kind == FileKind::config ? KeySource::Origin::config_file : KeySource::Origin::credentials_file;
    auto checked = check_term({std::move(**key), origin, file.path, profile}, use);
    if (!checked) return std::unexpected(checked.error());
    return std::move(*checked);
}

std::unexpected<Error> not_rotated(const Settings& settings, std::string_view what) {
    return usage_error(fmt::format("the profile {} {}", settings.profile, what), use_a_users_key);
}

}  // namespace

std::string KeySource::describe() const {
    if (origin == Origin::environment) return "the environment (AWS_ACCESS_KEY_ID)";
    return fmt::format("the profile {} in {}", profile, path);
}

Result<KeySource> find_key(const Settings& settings, const Environment& environment,
                           const ProfileFiles& files, KeyUse use) {
    const auto has = [&](std::string_view key) { return files.value(settings.profile, key).has_value(); };
    const bool in_environment = !settings.profile_is_option;
    const auto found = [](auto& source) { return !source || *source; };
    const auto as_result = [](auto& source) -> Result<KeySource> {
        if (!source) return std::unexpected(source.error());
        return std::move(**source);
    };

    if (in_environment)
        if (auto source = from_environment(environment, use); found(source)) return as_result(source);
    if (has("role_arn") && !has("web_identity_token_file"))
        return not_rotated(settings, "assumes a role (role_arn), so its keys are temporary");
    if (in_environment && non_empty(environment, "AWS_WEB_IDENTITY_TOKEN_FILE"))
        return usage_error(
            "AWS_WEB_IDENTITY_TOKEN_FILE is set, so the credentials are a role's and temporary",
            use_a_users_key);
    if (has("web_identity_token_file"))
        return not_rotated(settings,
                           "uses web identity (web_identity_token_file), so its keys are temporary");
    if (has("sso_role_name") || has("sso_account_id"))
        return not_rotated(settings, "uses IAM Identity Center (SSO), so its keys are temporary");
    if (auto source = from_file(files.credentials, settings.profile, use); found(source))
        return as_result(source);
    if (has("login_session")) return not_rotated(settings, "uses 'aws login', so its keys are temporary");
    if (has("credential_process"))
        return not_rotated(settings,
                           "gets its keys from a program (credential_process), which alone can change them");
    if (auto source = from_file(files.config, settings.profile, use); found(source)) return as_result(source);

    for (const auto* name : {"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_CONTAINER_CREDENTIALS_FULL_URI"})
        if (non_empty(environment, name))
            return usage_error(
                fmt::format("{} is set, so the credentials are a container's role and temporary", name),
                use_a_users_key);
    return usage_error(
        fmt::format(
            "there are no credentials: none in the environment, and none in the profile {} of {} and {}",
            settings.profile, files.credentials.path, files.config.path),
        "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, run 'aws configure', or name a profile with "
        "--profile");
}

}  // namespace keytide::credentials
