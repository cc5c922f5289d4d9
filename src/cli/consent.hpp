// What a rotation does without is named to the person, who consents or stops there.
#pragma once

#include "cli/plan.hpp"
#include "cli/terminal.hpp"

namespace keytide::cli {

// Who consented: "prompt", "--yes", or nobody when nothing is skipped.
Result<std::string> ask_for_consent(const Plan& plan, bool yes, const Terminal& terminal);

}  // namespace keytide::cli
