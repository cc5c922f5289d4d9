// The file that tells a shell how to reach the lab as its root user.
#pragma once

#include <span>
#include <string>

#include "vocabulary/access_key.hpp"
#include "vocabulary/error.hpp"

namespace keytide::cli {

// The key of an account's root user.
struct LabRoot {
    std::string account;
    const AccessKey& key;
};

// AWS_ENDPOINT_URL, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_DEFAULT_REGION of the first root, and
// KEYTIDE_LAB_TOKEN, as export lines, mode 0600, all at once. The others' keys are
// AWS_ACCESS_KEY_ID_210987654321 and so on, after their accounts. Replaces a file that the lab wrote, and no
// other.
Result<void> write_lab_env_file(const std::string& path, const std::string& endpoint,
                                std::span<const LabRoot> roots, const std::string& region,
                                const Secret& token);

// "127.0.0.1:4599", "[::1]:0", "localhost:4599".
struct Listen {
    std::string address;
    std::uint16_t port;
};
Result<Listen> parse_listen(const std::string& text);

}  // namespace keytide::cli
