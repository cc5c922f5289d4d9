// credentials-file:PATH?profile=P and config-file:PATH?profile=P: a profile of the AWS CLI and the SDKs.
// docs/destinations/credentials-file.md
#pragma once

#include <memory>
#include <string>

#include "credentials/profile_section.hpp"
#include "destinations/file_destination.hpp"

namespace keytide::destinations {

// `path` is for messages.
std::unique_ptr<KeyText> profile_text(std::string path, credentials::FileKind kind, std::string profile);

}  // namespace keytide::destinations
