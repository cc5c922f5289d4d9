// From a wish to a recorded request: find out whose key it is, see what stands in the way, say what will be
// done and without what, ask for consent, begin.
#pragma once

#include "cli/report.hpp"
#include "cli/session.hpp"

namespace keytide::cli {

struct Wish {
    NewKey new_key;
    std::optional<std::string> access_key_id;
    bool all_profiles = false;
    bool first_key = false;  // the user has none yet
    Duration grace{0}, quiet{0}, soak{0};
    bool replace_inactive = false;
    bool sole_writer = false;
    bool compromised = false;
};

Report begin_rotation(const Wish& wish, Session& session);

}  // namespace keytide::cli
