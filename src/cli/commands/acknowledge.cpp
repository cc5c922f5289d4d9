#include "cli/commands.hpp"
#include "cli/rotations.hpp"
#include "rotation/explain.hpp"

namespace keytide::cli {

Report acknowledge(const Ack& asked, Session& session) {
    const auto found = recorded_rotation(session, asked.id);
    if (!found) return failure(found.error());
    if (rotation::awaited_person(*found) == nullptr)
        return failure({ErrorKind::usage,
                        "rotation " + asked.id + " waits for nobody to say that a key is in use",
                        "'keytide status' shows what it waits for"});
    return settle_rotation(session, asked.id, rotation::Acknowledged{{}, session.person()});
}

}  // namespace keytide::cli
