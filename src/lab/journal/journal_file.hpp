// The file that a journal lies in: made, locked, and found to be what it should be, or not opened at all.
#pragma once

#include <filesystem>

#include "database/database.hpp"
#include "vocabulary/error.hpp"

namespace keytide::lab::journal {

Result<database::Database> open_file(const std::filesystem::path& folder);

}  // namespace keytide::lab::journal
