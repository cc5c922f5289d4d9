// Makes durable what was made, renamed or removed in a folder.
#pragma once

#include <string>

#include "vocabulary/error.hpp"

namespace keytide::credentials {

Result<void> sync_folder(const std::string& folder);

}  // namespace keytide::credentials
