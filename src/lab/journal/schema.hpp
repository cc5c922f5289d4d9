// schema.sql as text.
#pragma once

namespace keytide::lab::journal {

extern const char* const schema;

}  // namespace keytide::lab::journal
