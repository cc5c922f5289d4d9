// Where the key that signs comes from, looked for in the order of the AWS CLI's credential provider chain.
//
// Only long-term keys of IAM users can be rotated; an administrator may sign with temporary ones. When the
// chain would come to anything else first (a role, SSO, credential_process), the search ends with advice and
// never goes on to a key further down, which the AWS CLI would not use.
// https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-authentication.html#cli-chap-authentication-precedence
#pragma once

#include <string>

#include "credentials/profile_files.hpp"
#include "credentials/settings.hpp"
#include "vocabulary/access_key.hpp"

namespace keytide::credentials {

struct KeySource {
    enum class Origin { environment, credentials_file, config_file };

    AccessKey key;
    Origin origin;
    std::string path;     // of the file; empty for the environment
    std::string profile;  // likewise

    std::string describe() const;  // "the profile default in /home/bob/.aws/credentials"
};

enum class KeyUse { rotate, sign };

Result<KeySource> find_key(const Settings& settings, const Environment& environment,
                           const ProfileFiles& files, KeyUse use = KeyUse::rotate);

}  // namespace keytide::credentials
