// file:PATH?format=json|yaml|ini&id=/a/b&secret=/a/c: two values in a file of settings.
// docs/destinations/file.md
#pragma once

#include <memory>
#include <string>

#include "destinations/file_destination.hpp"

namespace keytide::destinations {

enum class ValueFormat { json, yaml, ini };

// `id` and `secret` are JSON pointers; `path` is for messages.
std::unique_ptr<KeyText> value_text(std::string path, ValueFormat format, std::string id, std::string secret);

}  // namespace keytide::destinations
