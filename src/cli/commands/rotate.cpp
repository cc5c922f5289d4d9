#include "cli/commands.hpp"
#include "cli/new_rotation.hpp"

namespace keytide::cli {

Report rotate(const Rotate& asked, Session& session) {
    const auto wish = wish_of(asked, session);
    return wish ? begin_rotation(*wish, session) : failure(wish.error());
}

}  // namespace keytide::cli
