// What AWS's error codes mean to a rotation. Sources: the Common Errors pages of IAM and STS, S3's error
// list.
#pragma once

#include <string_view>

namespace keytide::rotation {

// The service does not know this key: not yet when it is new, no more when it is deleted.
bool says_unknown_key(std::string_view code);

// The caller is recognised and may not do this.
bool says_denied(std::string_view code);

// The signature was wrong: a mismatched pair, or a refusal that a replica has cached.
bool says_mismatch(std::string_view code, std::string_view message);

// The request's time was too far from AWS's.
bool says_clock(std::string_view code, std::string_view message);

// The session that signed has ended.
bool says_session_ended(std::string_view code);

// Too many requests just now.
bool says_throttled(std::string_view code);

}  // namespace keytide::rotation
