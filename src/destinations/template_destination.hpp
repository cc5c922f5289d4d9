// template:PATH?from=FILE: a file that is made from a template whenever the key changes.
// docs/destinations/template.md
#pragma once

#include <memory>
#include <string>

#include "destinations/file_destination.hpp"

namespace keytide::destinations {

// In the template, ${AWS_ACCESS_KEY_ID} and ${AWS_SECRET_ACCESS_KEY} stand for the key, and everything else
// for itself. Both paths are for messages, and `from` is read whenever a text is read or written.
std::unique_ptr<KeyText> template_text(std::string path, std::string from);

}  // namespace keytide::destinations
