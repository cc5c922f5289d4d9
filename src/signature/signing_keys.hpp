// The signing keys of one secret that were derived before. A client asks few services in few regions, so few
// are kept; deriving one costs four times what a signature does.
#pragma once

#include <optional>
#include <vector>

#include "signature/sigv4.hpp"

namespace keytide::signature {

class SigningKeys {
public:
    const SigningKey* find(const Scope& scope) const;  // null: none is kept
    void keep(SigningKey key);                         // the oldest of eight goes

private:
    std::optional<SigningKey> latest_;  // at hand without another step in memory
    std::vector<SigningKey> earlier_;   // oldest first
};

}  // namespace keytide::signature
