// env-file:PATH?format=export|dotenv|systemd: a key in a file of environment variables.
// docs/destinations/env-file.md
#pragma once

#include <memory>
#include <string>

#include "destinations/env_lines.hpp"
#include "destinations/file_destination.hpp"

namespace keytide::destinations {

// `path` is for messages.
std::unique_ptr<KeyText> env_text(std::string path, EnvFormat format);

}  // namespace keytide::destinations
