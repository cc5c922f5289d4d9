// Destinations are named by URIs (RFC 3986): KIND:PATH?name=value&name=value, percent-encoded.
//
//   credentials-file:/home/bob/.aws/credentials?profile=default
//   env-file:/srv/app/env?format=systemd
//   vault:secret/app/aws?address=https://vault.example.com:8200
//
// What the environment or the current folder adds to a URI is written into its canonical form, so that a
// rotation that is resumed from elsewhere finds the same place.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "credentials/environment.hpp"
#include "vocabulary/error.hpp"
#include "vocabulary/instant.hpp"

namespace keytide::destinations {

struct DestinationUri {
    std::string kind;
    std::string path;                               // decoded; of a file: absolute
    std::map<std::string, std::string> parameters;  // every one that is given or has a usual value

    std::string text() const;  // canonical: what is recorded, and can be opened from anywhere
    std::string value(std::string_view name) const;  // empty for a parameter that is not there
};

// What a URI that does not say everything starts from.
struct Origin {
    std::string folder;  // absolute: the current one
    std::string home;    // for "~/"; may be empty, then "~" is a name like others
    credentials::Environment environment = {};
};

// Errors are of kind usage and name the kinds, parameters or values that exist.
Result<DestinationUri> parse_destination_uri(std::string_view text, const Origin& origin);

// Of a command; longer than nothing.
Result<Duration> timeout_of(const DestinationUri& uri);

// The place of a key that a profile held, as a URI. `kind` is credentials-file or config-file, `path` is
// absolute.
std::string profile_uri(std::string kind, std::string path, std::string profile);

}  // namespace keytide::destinations
