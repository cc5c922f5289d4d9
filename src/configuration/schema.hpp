// docs/keytide.schema.json, as it is built in: the JSON Schema of keytide.yaml.
#pragma once

namespace keytide::configuration {

extern const char* const schema;

}  // namespace keytide::configuration
