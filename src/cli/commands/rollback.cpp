#include "cli/commands.hpp"
#include "cli/rotations.hpp"

namespace keytide::cli {

// While nothing was written, the new key is deleted and that is all; afterwards it is a rotation back.
Report rollback(const Rollback& asked, Session& session) {
    session.mfa_prompt.give(asked.token_code);
    return settle_rotation(session, asked.id, rotation::GoingBack{{}, asked.reason, session.person()});
}

}  // namespace keytide::cli
