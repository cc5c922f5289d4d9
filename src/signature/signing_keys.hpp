// The signing keys of one secret that were derived before. A client asks few services in few regions, so few
// are kept; deriving one costs four times what a signature does.
#pragma once

#include <vector>

#include "signature/sigv4.hpp"

namespace keytide::signature {

class SigningKeys {
public:
    const SigningKey* find(const Scope& scope) const;  // null: none is kept
    void keep(SigningKey key);                         // the oldest of eight goes

private:
    std::vector<SigningKey> kept_;  // oldest first
};

}  // namespace keytide::signature
