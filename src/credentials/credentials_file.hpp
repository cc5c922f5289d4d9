// The key pair of one profile in a credentials or config file.
//
// The functions know texts and not files: whoever holds the lock reads the file, asks here, and replaces it.
#pragma once

#include <optional>
#include <string_view>

#include "credentials/ini_document.hpp"
#include "credentials/profile_section.hpp"
#include "vocabulary/access_key.hpp"

namespace keytide::credentials {

// Nothing when there is no such profile or it holds no key. Refused, because the AWS CLI and the SDKs would
// stumble over it or disagree about it: an id without a secret or the other way round, an id that is none, a
// secret with white space in it (the AWS CLI takes a comment behind it for a part of it), a key in [DEFAULT]
// (boto3 gives it to every profile), two sections for the profile.
Result<std::optional<AccessKey>> read_key(const IniDocument& document, FileKind kind,
                                          std::string_view profile);

// The document with this pair in the profile, which is made when it is missing; id and secret change together
// and nothing else does. A profile with a session token is refused: its keys are temporary, and another
// program writes them.
Result<IniDocument> write_key(const IniDocument& document, FileKind kind, std::string_view profile,
                              const AccessKey& key);

}  // namespace keytide::credentials
