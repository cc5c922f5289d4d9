// The throttle that AWS describes: a bucket of tokens, one for each call, filled at a steady rate.
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/throttling.html
#pragma once

#include "vocabulary/instant.hpp"

namespace keytide::lab::misbehaviour {

class TokenBucket {
public:
    // Full at the beginning.
    TokenBucket(double rate, double burst, Instant now)
        : rate_(rate), burst_(burst), tokens_(burst), filled_(now) {}

    // False: it is empty.
    bool take(Instant now);

private:
    double rate_;  // tokens a second
    double burst_;
    double tokens_;
    Instant filled_;
};

}  // namespace keytide::lab::misbehaviour
