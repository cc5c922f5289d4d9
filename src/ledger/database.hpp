// The ledger's files are SQLite's (database/database.hpp).
#pragma once

#include "database/database.hpp"

namespace keytide::ledger {

using database::Blob;
using database::Database;
using database::Statement;
using database::Transaction;

inline constexpr const char* in_errors = "ledger";  // what errors of its database call it

}  // namespace keytide::ledger
