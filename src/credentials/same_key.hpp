// Where else a key stands. Deleting it breaks every one of these places that was not given the new key.
#pragma once

#include <string>
#include <vector>

#include "credentials/profile_files.hpp"
#include "vocabulary/access_key.hpp"

namespace keytide::credentials {

struct KeyPlace {
    FileKind kind;
    std::string path;
    std::string profile;

    bool operator==(const KeyPlace&) const = default;
};

// All profiles with this access key id in the two files in use, and in ~/.aws/config and ~/.aws/credentials
// where the environment names others: programs that are started without those variables read these. The place
// where the key was found is among them. A file that cannot be read is an error, because what it holds is not
// known.
Result<std::vector<KeyPlace>> places_of_key(const AccessKeyId& id, const ProfileFiles& files,
                                            const Environment& environment);

}  // namespace keytide::credentials
