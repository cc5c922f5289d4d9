#include "credentials/settings.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <initializer_list>

namespace keytide::credentials {
namespace {

class Resolver {
public:
    Resolver(const SettingOptions& options, const Environment& environment, const ProfileFiles& files)
        : options_(options), environment_(environment), files_(files) {}

    Result<Settings> resolve() {
        if (auto ok = choose_profile(); !ok) return std::unexpected(ok.error());
        s_.region = first({option(options_.region, "--region"), variable("AWS_REGION"),
                           variable("AWS_DEFAULT_REGION"), of_profile("region")});
        s_.ca_bundle = first(
            {option(options_.ca_bundle, "--ca-bundle"), variable("AWS_CA_BUNDLE"), of_profile("ca_bundle")});
        s_.mfa_serial = of_profile("mfa_serial");
        for (const auto& [place, service] :
             {std::pair{&s_.iam, "iam"}, std::pair{&s_.sts, "sts"}, std::pair{&s_.s3, "s3"},
              std::pair{&s_.secretsmanager, "secrets_manager"}, std::pair{&s_.ssm, "ssm"},
              std::pair{&s_.cloudtrail, "cloudtrail"}, std::pair{&s_.securityhub, "securityhub"},
              std::pair{&s_.sns, "sns"}}) {
            auto url = endpoint(service);
            if (!url) return std::unexpected(url.error());
            *place = std::move(*url);
        }
        return std::move(s_);
    }

private:
    static std::optional<Setting> first(std::initializer_list<std::optional<Setting>> candidates) {
        const auto found = std::ranges::find_if(candidates, [](const auto& c) { return c.has_value(); });
        return found == candidates.end() ? std::nullopt : *found;
    }
    static std::optional<Setting> option(const std::optional<std::string>& value, std::string name) {
        return value ? std::optional(Setting{*value, std::move(name)}) : std::nullopt;
    }
    std::optional<Setting> variable(const std::string& name) const {
        const auto value = non_empty(environment_, name);
        return value ? std::optional(Setting{std::string(*value), name}) : std::nullopt;
    }
    std::optional<Setting> of_profile(std::string_view key) const {
        const auto value = files_.value(s_.profile, key);
        if (!value || value->value.empty()) return std::nullopt;
        return Setting{value->value, value->from};
    }

    Result<void> choose_profile() {
        // An empty AWS_PROFILE is a profile without a name to the AWS CLI, and is refused like one.
        std::optional<Setting> chosen = option(options_.profile, "--profile");
        s_.profile_is_option = chosen.has_value();
        for (const auto* name : {"AWS_PROFILE", "AWS_DEFAULT_PROFILE"})
            if (const auto value = environment_(name); value && !chosen)
                chosen = Setting{std::string(*value), name};
        if (!chosen) return {};
        s_.profile = chosen->value;
        s_.profile_from = chosen->from;
        if (files_.has(s_.profile)) return {};
        const auto names = files_.names();
        return usage_error(fmt::format("there is no profile '{}' (from {})", s_.profile, s_.profile_from),
                           names.empty() ? fmt::format("there are no profiles in {} and {}",
                                                       files_.config.path, files_.credentials.path)
                                         : fmt::format("the profiles are: {}", fmt::join(names, ", ")));
    }

    // Like ensure_boolean in botocore: only "true" is true.
    bool ignores_configured_endpoints() const {
        const auto setting = first(
            {variable("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"), of_profile("ignore_configured_endpoint_urls")});
        return setting && std::ranges::equal(setting->value, std::string_view("true"), {},
                                             [](unsigned char c) { return char(std::tolower(c)); });
    }

    Result<std::optional<Setting>> endpoint(const std::string& service) const {
        auto chosen = option(options_.endpoint_url, "--endpoint-url");
        if (!chosen && !ignores_configured_endpoints()) {
            auto upper = service;
            std::ranges::transform(upper, upper.begin(),
                                   [](unsigned char c) { return char(std::toupper(c)); });
            chosen = first({variable("AWS_ENDPOINT_URL_" + upper), variable("AWS_ENDPOINT_URL")});
            if (const auto services = of_profile("services"); services && !chosen) {
                auto found = files_.service_endpoint(services->value, service);
                if (!found) return std::unexpected(found.error());
                if (*found) chosen = Setting{(*found)->value, (*found)->from};
            }
            if (!chosen) chosen = of_profile("endpoint_url");
        }
        if (chosen && !chosen->value.starts_with("http://") && !chosen->value.starts_with("https://"))
            return usage_error(
                fmt::format("'{}' (from {}) is not an endpoint URL", chosen->value, chosen->from),
                "write it as https://HOST or http://HOST:PORT");
        return chosen;
    }

    const SettingOptions& options_;
    const Environment& environment_;
    const ProfileFiles& files_;
    Settings s_;
};

}  // namespace

Result<Settings> resolve_settings(const SettingOptions& options, const Environment& environment,
                                  const ProfileFiles& files) {
    return Resolver(options, environment, files).resolve();
}

}  // namespace keytide::credentials
