// Keytide from one's own program: rotate a key, go on with a rotation, see what has not ended. C++17.
//
//     const auto outcome = keytide::library::rotate({}, {"app"});
//     if (outcome.error) std::cerr << outcome.error->message << '\n';
//
// Each call runs the program `keytide` and waits for it, so that a rotation has a process of its own, as the
// protocol wants it; what is interrupted is gone on with by resume(). Errors are values; nothing is thrown
// but for want of memory. Nothing here is ever told a secret. https://semver.org: what is declared here stays
// within a major version.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace keytide::library {

// As the options of the command line; what is empty is not given.
struct Options {
    std::string program = "keytide";  // a path, or a name that is looked for in PATH
    std::string profile, region, endpoint_url, config, state_dir;
};

struct Wish {
    std::string name;                  // a key of keytide.yaml; empty: the profile's
    std::string user_name;             // when another principal signs
    std::vector<std::string> deliver;  // URIs
    std::string grace, quiet, soak;    // durations: 90s 15m 2h 7d
    bool yes = true;                   // consents to the guarantees that are skipped
};

struct Rotation {
    std::string id;
    std::string result;  // completed, rolled_back, abandoned, failed, parked, needs_person, needs_mfa,
                         // interrupted, at_work
    std::string phase, user_name, old_access_key_id, new_access_key_id;
    std::string keys;                  // the state of both keys, in words
    std::string parked_until, reason;  // RFC 3339; empty when it is not parked
    std::string question;              // empty when nobody is asked
    std::vector<std::string> answers;
};

struct Error {
    std::string message, hint;
};

struct Outcome {
    int exit_code = 1;           // docs/exit-codes.md: 0 done, 3 parked, 5 waits for a person…
    std::optional<Error> error;  // what went wrong, of Keytide's or of running it
    std::vector<Rotation> rotations;
};

Outcome rotate(const Options& options, const Wish& wish);
Outcome resume(const Options& options,
               const std::string& rotation_id);  // empty: all that were interrupted or are due
Outcome status(const Options& options);

}  // namespace keytide::library
