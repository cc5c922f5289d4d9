// Whether two patterns have a text in common: a policy's resource, and the form of a resource type's ARNs.
#pragma once

#include <string_view>

namespace keytide::iam_policy {

// Of `resource`, a policy's, variables may be anything. In `form`, * is any run of characters and @ any
// without a slash. Compared segment by segment, as ARNs are matched.
bool may_meet(std::string_view resource, std::string_view form);

}  // namespace keytide::iam_policy
