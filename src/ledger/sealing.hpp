// Sealing: a key's secret becomes bytes that only the holder of the sealing key can open, and only for the
// rotation and the access key id for which it was sealed (XChaCha20-Poly1305, libsodium).
// https://doc.libsodium.org/secret-key_cryptography/aead/chacha20-poly1305/xchacha20-poly1305_construction
#pragma once

#include <string>
#include <string_view>

#include "ports/entropy.hpp"
#include "rotation/request.hpp"
#include "vocabulary/access_key.hpp"
#include "vocabulary/error.hpp"

namespace keytide::ledger {

struct Sealed {
    std::string nonce;  // 24 bytes
    std::string ciphertext;
};

class Sealing {
public:
    // Of 32 bytes. Outlived by `entropy`, which gives the nonces.
    static Result<Sealing> make(const Secret& sealing_key, ports::Entropy& entropy);

    Result<Sealed> seal(const rotation::RotationId& rotation, const AccessKey& key) const;
    Result<AccessKey> unseal(const rotation::RotationId& rotation, const AccessKeyId& id,
                             const Sealed& sealed) const;

    // That what is sealed can be unsealed, and not under another name: asked before anything is created
    // whose secret is shown only once.
    Result<void> prove_round_trip() const;

private:
    Sealing(Secret key, ports::Entropy& entropy) : key_(std::move(key)), entropy_(&entropy) {}
    Secret key_;
    ports::Entropy* entropy_;
};

}  // namespace keytide::ledger
