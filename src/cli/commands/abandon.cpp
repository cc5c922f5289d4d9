#include "cli/commands.hpp"
#include "cli/rotations.hpp"

namespace keytide::cli {

Report abandon(const Abandon& asked, Session& session) {
    return settle_rotation(session, asked.id, rotation::Abandoned{{}, asked.reason, session.person()});
}

}  // namespace keytide::cli
