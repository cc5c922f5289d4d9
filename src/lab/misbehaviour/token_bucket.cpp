#include "lab/misbehaviour/token_bucket.hpp"

#include <algorithm>

namespace keytide::lab::misbehaviour {

bool TokenBucket::take(Instant now) {
    const double seconds = double((now - filled_).count()) / 1000;
    tokens_ = std::min(burst_, tokens_ + std::max(0.0, seconds) * rate_);
    filled_ = std::max(filled_, now);
    if (tokens_ < 1) return false;
    tokens_ -= 1;
    return true;
}

}  // namespace keytide::lab::misbehaviour
