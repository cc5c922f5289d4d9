// Region, endpoints and the rest, found where the AWS CLI finds them and in its order of precedence: option,
// environment, profile. Each remembers where it came from, so that a message can say whom to correct.
//
// Where the two versions of the AWS CLI differ, version 2 is followed: AWS_PROFILE before
// AWS_DEFAULT_PROFILE, AWS_REGION before AWS_DEFAULT_REGION.
// https://docs.aws.amazon.com/cli/latest/userguide/cli-chap-configure.html
// https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html
#pragma once

#include <optional>
#include <string>

#include "credentials/environment.hpp"
#include "credentials/profile_files.hpp"
#include "vocabulary/error.hpp"

namespace keytide::credentials {

// As given on the command line.
struct SettingOptions {
    std::optional<std::string> profile, region, endpoint_url, ca_bundle;
};

struct Setting {
    std::string value;
    std::string from;  // "--region", "AWS_REGION", "/home/bob/.aws/config [profile p]"

    bool operator==(const Setting&) const = default;
};

struct Settings {
    std::string profile = "default";
    std::string profile_from;        // "--profile", "AWS_PROFILE"; empty when nobody named one
    bool profile_is_option = false;  // beats keys in the environment; AWS_PROFILE does not
    std::optional<Setting> region;   // nothing: nobody named one
    // Endpoint URLs, http:// or https://; nothing: AWS's own.
    std::optional<Setting> iam, sts, s3, secretsmanager, ssm, cloudtrail, securityhub, sns;
    std::optional<Setting> ca_bundle;   // path
    std::optional<Setting> mfa_serial;  // of the profile: the MFA device of its user
};

// Errors are of kind usage: a profile that does not exist (the message names those that do), an endpoint that
// is no URL, a services section that is missing.
Result<Settings> resolve_settings(const SettingOptions& options, const Environment& environment,
                                  const ProfileFiles& files);

}  // namespace keytide::credentials
