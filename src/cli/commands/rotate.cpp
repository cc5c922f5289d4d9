#include "cli/commands.hpp"
#include "cli/named_key.hpp"
#include "cli/new_rotation.hpp"

namespace keytide::cli {

Report rotate(const Rotate& asked, Session& session) {
    auto new_key = asked.new_key;
    if (asked.name) {
        if (new_key.user_name)
            return failure({ErrorKind::usage, "both the key " + *asked.name + " and --user-name are given",
                            "keytide.yaml says whose key it is"});
        const auto key = use_named_key(session, *asked.name);
        if (!key) return failure(key.error());
        new_key.user_name = key->user_name;
        new_key.deliver.insert(new_key.deliver.begin(), key->destinations.begin(), key->destinations.end());
        new_key.on_delivered.insert(new_key.on_delivered.begin(), key->on_delivered.begin(),
                                    key->on_delivered.end());
    }
    return begin_rotation({.new_key = std::move(new_key),
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
