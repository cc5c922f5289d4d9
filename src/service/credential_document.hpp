// Credentials as programs fetch them. A long-term key is handed out with an expiration, so that SDKs come
// back.
//
// https://docs.aws.amazon.com/sdkref/latest/guide/feature-process-credentials.html
// https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html
#pragma once

#include "vocabulary/access_key.hpp"
#include "vocabulary/wiped_string.hpp"

namespace keytide::service {

// `until` in whole seconds, as SDKs read it.
WipedString process_document(const AccessKey& key, Instant until);

// The SDKs ask for a Token here, and take an empty one for none.
WipedString container_document(const AccessKey& key, Instant until);

// As above, from now on; without a fraction of a second.
Instant expiration(Instant now, Duration lifetime);

}  // namespace keytide::service
