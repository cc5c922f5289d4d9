// known_actions.txt, as it was at the build.
#pragma once

namespace keytide::iam_policy {

extern const char* const known_actions_text;

}  // namespace keytide::iam_policy
