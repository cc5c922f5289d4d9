// Finds objects that name a key twice. JSON readers keep one of the two silently; in a policy that would turn
// {"Effect":"Deny","Effect":"Allow"} into an Allow.
#pragma once

#include <string_view>

namespace keytide::iam_policy {

// False for text that is not JSON, too: its reader says so.
bool has_duplicate_keys(std::string_view json);

}  // namespace keytide::iam_policy
