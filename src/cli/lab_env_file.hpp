// The file that tells a shell how to reach the lab as its root user.
#pragma once

#include <string>

#include "vocabulary/access_key.hpp"
#include "vocabulary/error.hpp"

namespace keytide::cli {

// AWS_ENDPOINT_URL, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_DEFAULT_REGION and KEYTIDE_LAB_TOKEN
// as export lines, mode 0600, all at once. Replaces a file that the lab wrote, and no other.
Result<void> write_lab_env_file(const std::string& path, const std::string& endpoint, const AccessKey& root,
                                const std::string& region, const Secret& token);

// "127.0.0.1:4599", "[::1]:0", "localhost:4599".
struct Listen {
    std::string address;
    std::uint16_t port;
};
Result<Listen> parse_listen(const std::string& text);

}  // namespace keytide::cli
