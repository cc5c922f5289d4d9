// What somebody wants of a rotation, before anything is looked at.
#pragma once

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

// With what keytide.yaml says of the key that is named; the session's profile is its profile from here on.
Result<Wish> wish_of(const Rotate& asked, Session& session);

}  // namespace keytide::cli
