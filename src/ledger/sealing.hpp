// Sealing: a key's secret becomes bytes that only the holder of the sealing key can open, and only for the
// rotation and the access key id for which it was sealed (XChaCha20-Poly1305, libsodium).
// https://doc.libsodium.org/secret-key_cryptography/aead/chacha20-poly1305/xchacha20-poly1305_construction
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "ledger/rekeyed_chain.hpp"
#include "ports/entropy.hpp"
#include "rotation/request.hpp"
#include "vocabulary/access_key.hpp"
#include "vocabulary/error.hpp"
#include "vocabulary/wiped_string.hpp"

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

    // A key of the chain that is only needed to read.
    Sealed seal(std::string_view ledger_id, const PastKey& key) const;
    Result<PastKey> unseal_past_key(std::string_view ledger_id, std::uint64_t until,
                                    const Sealed& sealed) const;

    // That what is sealed can be unsealed, and not under another name: asked before anything is created
    // whose secret is shown only once.
    Result<void> prove_round_trip() const;

private:
    Sealing(Secret key, ports::Entropy& entropy) : key_(std::move(key)), entropy_(&entropy) {}
    Sealed close(std::string_view plain, std::string_view bound) const;
    std::optional<WipedString> open(const Sealed& sealed, std::string_view bound) const;
    Secret key_;
    ports::Entropy* entropy_;
};

}  // namespace keytide::ledger
