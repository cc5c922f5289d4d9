#include "cli/commands.hpp"
#include "cli/new_rotation.hpp"

namespace keytide::cli {

Report rotate(const Rotate& asked, Session& session) {
    return begin_rotation({.new_key = asked.new_key,
                           .access_key_id = asked.access_key_id,
                           .all_profiles = asked.all_profiles,
                           .grace = asked.grace},
                          session);
}

}  // namespace keytide::cli
