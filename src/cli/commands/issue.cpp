#include "cli/commands.hpp"
#include "cli/new_rotation.hpp"

namespace keytide::cli {

Report issue(const Issue& asked, Session& session) {
    return begin_rotation({.new_key = asked.new_key, .first_key = true}, session);
}

}  // namespace keytide::cli
