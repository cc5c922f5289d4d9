// github:OWNER/REPO, github:OWNER/REPO?environment=E and github:ORGANISATION: two secrets of GitHub Actions.
// docs/destinations/github.md
// https://docs.github.com/en/rest/actions/secrets
//
// GitHub shows no secret to anybody, and takes one at a time: this is the destination that can neither
// compare nor be read back, and where a workflow that starts between the two writes gets half of each pair.
#pragma once

#include <memory>

#include "destinations/open_destination.hpp"

namespace keytide::destinations {

Result<std::unique_ptr<ports::Destination>> github_destination(const DestinationUri& uri, const Means& means);

}  // namespace keytide::destinations
