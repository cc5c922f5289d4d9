// The environment variables as an argument: what reads them can be tested without touching the process.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace keytide::credentials {

// Nothing when the variable is not set; the view lives as long as the environment. A function and not a map,
// so that no copy is made of the secrets among the variables.
using Environment = std::function<std::optional<std::string_view>(std::string_view name)>;

Environment process_environment();
Environment fixed_environment(std::map<std::string, std::string, std::less<>> variables);

// As most of the AWS CLI's variables are read: an empty one counts as not set.
std::optional<std::string_view> non_empty(const Environment& environment, std::string_view name);

}  // namespace keytide::credentials
