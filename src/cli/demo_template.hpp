#pragma once

namespace keytide::cli {
extern const char* const demo_template;  // tests/clients/iam.yaml, as it was when the program was built
}
