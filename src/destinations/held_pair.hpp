// The key that two values make, for places where each has a name of its own.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "vocabulary/access_key.hpp"
#include "vocabulary/error.hpp"

namespace keytide::destinations {

struct NamedValue {
    std::string name;  // for messages
    std::string_view value;
};

// Nothing when both are empty. An error of kind usage, which names `where` and shows no value, when there is
// only one, or when the first is no access key id.
Result<std::optional<AccessKey>> held_pair(const NamedValue& id, const NamedValue& secret,
                                           const std::string& where);

}  // namespace keytide::destinations
