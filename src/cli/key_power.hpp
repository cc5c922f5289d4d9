// What the key that is to be replaced lets its holder do, read from the policies of its user.
#pragma once

#include <optional>
#include <string>

#include "cli/session.hpp"
#include "rotation/request.hpp"

namespace keytide::cli {

// One line; nothing when these credentials may not read the policies. Many calls, all of which only read.
std::optional<std::string> key_power(Session& session, const rotation::Request& request,
                                     const AccessKey& signer);

}  // namespace keytide::cli
