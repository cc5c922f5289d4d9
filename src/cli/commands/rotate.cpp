#include "cli/commands.hpp"
#include "cli/new_rotation.hpp"

namespace keytide::cli {

Report rotate(const Rotate& asked, Session& session) {
    return begin_rotation({.new_key = asked.new_key,
                           .access_key_id = asked.access_key_id,
                           .all_profiles = asked.all_profiles,
                           .grace = asked.grace,
                           .quiet = asked.quiet,
                           .soak = asked.soak,
                           .replace_inactive = asked.replace_inactive,
                           .sole_writer = asked.sole_writer,
                           .compromised = asked.compromised},
                          session);
}

}  // namespace keytide::cli
