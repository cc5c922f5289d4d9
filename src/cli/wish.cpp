#include "cli/wish.hpp"

#include "cli/named_key.hpp"

namespace keytide::cli {

Result<Wish> wish_of(const Rotate& asked, Session& session) {
    auto new_key = asked.new_key;
    if (asked.name) {
        if (new_key.user_name)
            return usage_error("both the key " + *asked.name + " and --user-name are given",
                               "keytide.yaml says whose key it is");
        const auto key = use_named_key(session, *asked.name);
        if (!key) return std::unexpected(key.error());
        new_key.user_name = key->user_name;
        new_key.deliver.insert(new_key.deliver.begin(), key->destinations.begin(), key->destinations.end());
        new_key.on_delivered.insert(new_key.on_delivered.begin(), key->on_delivered.begin(),
                                    key->on_delivered.end());
    }
    return Wish{.new_key = std::move(new_key),
                .access_key_id = asked.access_key_id,
                .all_profiles = asked.all_profiles,
                .grace = asked.grace,
                .quiet = asked.quiet,
                .soak = asked.soak,
                .replace_inactive = asked.replace_inactive,
                .sole_writer = asked.sole_writer,
                .compromised = asked.compromised};
}

}  // namespace keytide::cli
