// From a wish to a recorded request: find out whose key it is, see what stands in the way, say what will be
// done and without what, ask for consent, begin.
#pragma once

#include "cli/report.hpp"
#include "cli/wish.hpp"
#include "credentials/key_source.hpp"

namespace keytide::cli {

Report begin_rotation(const Wish& wish, Session& session);

// The rotation that a wish would begin, as far as reading alone tells. What AWS allows is not asked.
struct Prospect {
    rotation::Request request;
    credentials::KeySource source;  // of the key that signs
};
// A usage error when one of this user has not ended, or where begin_rotation() has one.
Result<Prospect> look_ahead(const Wish& wish, Session& session);

}  // namespace keytide::cli
