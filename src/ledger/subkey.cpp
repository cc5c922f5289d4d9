#include "ledger/subkey.hpp"

#include <sodium.h>

#include "vocabulary/wiped_string.hpp"

namespace keytide::ledger {

Result<Secret> derive(const Secret& sealing_key, Purpose purpose) {
    if (sodium_init() < 0) return failed("libsodium cannot be initialised");
    if (sealing_key.size() != crypto_kdf_KEYBYTES) return failed("the sealing key does not have 32 bytes");
    WipedString subkey(32, '\0');
    const auto* master = reinterpret_cast<const unsigned char*>(sealing_key.reveal().data());
    crypto_kdf_derive_from_key(reinterpret_cast<unsigned char*>(subkey.data()), subkey.size(),
                               std::uint64_t(purpose), "keytide_", master);
    return Secret(subkey);
}

}  // namespace keytide::ledger
