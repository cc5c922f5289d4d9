// Destinations are named by URIs (RFC 3986): SCHEME:PATH?name=value&name=value, percent-encoded.
//
//   credentials-file:/home/bob/.aws/credentials?profile=default
//   config-file:/home/bob/.aws/config?profile=default
//   env-file:/srv/app/env?format=systemd
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "ports/destination.hpp"

namespace keytide::destinations {

struct DestinationUri {
    std::string scheme;
    std::string path;                               // absolute, decoded
    std::map<std::string, std::string> parameters;  // every one that the scheme has, defaults filled in

    std::string text() const;  // canonical: what is recorded, and can be opened from anywhere
};

// What a path that is not absolute starts from.
struct Origin {
    std::string folder;  // absolute: the current one
    std::string home;    // for "~/"; may be empty, then "~" is a name like others
};

// Errors are of kind usage and name the schemes, parameters or values that exist.
Result<DestinationUri> parse_destination_uri(std::string_view text, const Origin& origin);

// Touches nothing: what is wrong with the place shows in read() or deliver().
Result<std::unique_ptr<ports::Destination>> open_destination(std::string_view text, const Origin& origin);

// The place of a key that a profile held, as a URI. `scheme` is credentials-file or config-file, `path` is
// absolute.
std::string profile_uri(std::string scheme, std::string path, std::string profile);

}  // namespace keytide::destinations
