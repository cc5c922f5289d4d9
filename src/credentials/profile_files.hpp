// The config file and the shared credentials file, together as the AWS CLI sees them.
// https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-files.html
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "credentials/environment.hpp"
#include "credentials/ini_document.hpp"
#include "credentials/profile_section.hpp"

namespace keytide::credentials {

struct ProfileFile {
    FileKind kind;
    std::string path;                     // expanded; from the variable, or in ~/.aws
    std::optional<IniDocument> document;  // nothing when there is no such file
};

// One value and the file and section that it stands in, for messages.
struct ProfileValue {
    std::string value;
    std::string from;
};

struct ProfileFiles {
    ProfileFile config, credentials;

    std::vector<std::string> names() const;  // of all profiles, sorted
    bool has(std::string_view profile) const;

    // A profile that stands in both files is one profile; the credentials file wins (botocore's full_config).
    // Never for secrets: those are read by read_key().
    std::optional<ProfileValue> value(std::string_view profile, std::string_view key) const;

    // endpoint_url of one service ("iam") in the section [services NAME] of the config file; an error when
    // there is no such section.
    Result<std::optional<ProfileValue>> service_endpoint(std::string_view services,
                                                         std::string_view service) const;
};

// AWS_CONFIG_FILE and AWS_SHARED_CREDENTIALS_FILE, or ~/.aws/config and ~/.aws/credentials. /dev/null and an
// empty variable mean no file, as for the AWS CLI.
std::string path_of(FileKind kind, const Environment& environment);
Result<ProfileFiles> load_profile_files(const Environment& environment);

// Reads and parses one; nothing when there is no such file.
Result<std::optional<IniDocument>> load_ini(const std::string& path);

}  // namespace keytide::credentials
