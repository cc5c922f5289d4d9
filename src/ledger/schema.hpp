// schema.sql, as text in the program.
#pragma once

namespace keytide::ledger {

inline constexpr int schema_version = 1;
inline constexpr int application_id = 0x4b544c47;  // "KTLG", at byte 68 of the file

extern const char* const schema;

}  // namespace keytide::ledger
