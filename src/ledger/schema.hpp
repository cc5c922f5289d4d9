// schema.sql and past_keys.sql, as texts in the program.
#pragma once

namespace keytide::ledger {

inline constexpr int first_version = 1;            // schema
inline constexpr int version_with_past = 2;        // and past_keys_schema: the sealing key was changed
inline constexpr int application_id = 0x4b544c47;  // "KTLG", at byte 68 of the file

extern const char* const schema;
extern const char* const past_keys_schema;

}  // namespace keytide::ledger
