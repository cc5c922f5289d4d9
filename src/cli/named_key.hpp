// Keys by the names of keytide.yaml.
#pragma once

#include "cli/report.hpp"
#include "cli/session.hpp"

namespace keytide::cli {

// --config, or $XDG_CONFIG_HOME/keytide/keytide.yaml. An error when there is no such file; what is wrong in
// it is no error here. Destinations come in their canonical form: a relative path starts from the file's
// folder.
Result<FoundConfiguration> find_configuration(const Session& session);

// The same for those who need it: anything wrong is an error.
Result<configuration::Configuration> configuration_in_force(const Session& session);

// The key of that name; the session's profile is its profile from here on. Refused beside --profile.
Result<configuration::Key> use_named_key(Session& session, const std::string& name);

// The key itself: the profile's, or where another principal signs, that of the first destination that can be
// read. The session's profile is its profile from here on.
Result<AccessKey> key_in_use(Session& session, const configuration::Key& key);

}  // namespace keytide::cli
