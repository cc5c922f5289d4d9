// keytide.yaml: keys by name, and where each is used.
//
//   keys:
//     app:
//       profile: app                  # of the AWS configuration: whose credentials sign
//       destinations:                 # where else the key is used
//         - env-file:/srv/app/env?format=systemd
//       on-delivered:                 # who is told once the key is in all of them
//         - notify-unit:app.service
//       lifetime: 1h                  # of the credentials that are handed out with it
//       consumers: [web, worker]      # who may fetch it from `keytide serve`
//     backup:
//       profile: admin
//       user-name: backup             # another principal signs for this user
//       destinations: ["credentials-file:/var/lib/backup/.aws/credentials?profile=backup"]
//   serve:
//     listen: 127.0.0.1:4600
//
// Pure: a text goes in. What is not known is refused and never ignored, since a word that is spelled wrongly
// would otherwise be a place that is not written.
#pragma once

#include <cstddef>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "vocabulary/instant.hpp"

namespace keytide::configuration {

struct Key {
    std::string name;
    std::size_t line = 0;  // where it begins
    std::string profile;
    std::optional<std::string> user_name;
    std::vector<std::string> destinations;     // URIs, as they were written
    std::vector<std::string> on_delivered;     // the same, of those who are told
    Duration lifetime{std::chrono::hours{1}};  // shortest_lifetime and longer
    std::vector<std::string> consumers;
};

struct Configuration {
    std::vector<Key> keys;  // in the file's order
    std::string listen = "127.0.0.1:4600";

    const Key* find(std::string_view name) const;  // null when there is none
};

struct Finding {
    std::size_t line = 0;  // 1 for the first
    std::string message;
    std::string hint;  // may be empty
};

// SDKs fetch credentials anew up to 15 minutes before they expire (botocore's advisory refresh): shorter
// ones would be fetched for every call. https://github.com/boto/botocore/blob/develop/botocore/credentials.py
inline constexpr Duration shortest_lifetime = std::chrono::minutes{20};
inline constexpr Duration longest_lifetime = std::chrono::hours{12};

std::expected<Configuration, std::vector<Finding>> parse(std::string_view text);

// The word among `known` that `word` is most like, when it is like one: for "did you mean".
std::optional<std::string> nearest(std::string_view word, const std::vector<std::string>& known);

}  // namespace keytide::configuration
