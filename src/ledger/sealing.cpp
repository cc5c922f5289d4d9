#include "ledger/sealing.hpp"

#include <sodium.h>

#include <array>
#include <span>

#include "ledger/subkey.hpp"
#include "vocabulary/wiped_string.hpp"

namespace keytide::ledger {
namespace {

constexpr std::size_t nonce_length = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr std::size_t tag_length = crypto_aead_xchacha20poly1305_ietf_ABYTES;

// Length first, so that no two lists of texts give the same bytes.
template <class String>
void add(String& bytes, std::string_view text) {
    for (int shift = 0; shift < 32; shift += 8) bytes += static_cast<char>(text.size() >> shift & 0xff);
    bytes += text;
}

std::string_view take(std::string_view& bytes) {
    std::size_t length = 0;
    for (std::size_t i = 0; i < 4 && i < bytes.size(); ++i)
        length |= std::size_t(static_cast<unsigned char>(bytes[i])) << 8 * i;
    bytes.remove_prefix(std::min<std::size_t>(4, bytes.size()));
    const auto text = bytes.substr(0, length);
    bytes.remove_prefix(text.size());
    return text;
}

std::string bound_to(const rotation::RotationId& rotation, const AccessKeyId& id) {
    std::string bytes;
    add(bytes, "keytide sealed 1");
    add(bytes, rotation);
    add(bytes, id.text());
    return bytes;
}

const unsigned char* raw(std::string_view bytes) {
    return reinterpret_cast<const unsigned char*>(bytes.data());
}

}  // namespace

Result<Sealing> Sealing::make(const Secret& sealing_key, ports::Entropy& entropy) {
    auto key = derive(sealing_key, Purpose::sealing);
    if (!key) return std::unexpected(key.error());
    return Sealing(std::move(*key), entropy);
}

Result<Sealed> Sealing::seal(const rotation::RotationId& rotation, const AccessKey& key) const {
    WipedString plain;
    plain.reserve(key.secret.size() + key.session_token.size() + 16);
    add(plain, key.secret.reveal());
    add(plain, key.session_token.reveal());

    Sealed sealed{std::string(nonce_length, '\0'), std::string(plain.size() + tag_length, '\0')};
    entropy_->fill(std::as_writable_bytes(std::span(sealed.nonce)));
    const auto bound = bound_to(rotation, key.id);
    crypto_aead_xchacha20poly1305_ietf_encrypt(reinterpret_cast<unsigned char*>(sealed.ciphertext.data()),
                                               nullptr, raw(plain), plain.size(), raw(bound), bound.size(),
                                               nullptr, raw(sealed.nonce), raw(key_.reveal()));
    return sealed;
}

Result<AccessKey> Sealing::unseal(const rotation::RotationId& rotation, const AccessKeyId& id,
                                  const Sealed& sealed) const {
    const auto cannot = failed("the sealed secret of " + id.text() +
                                   " cannot be opened: it was changed, or " + "sealed with another key",
                               "put the ledger and the sealing key back from the same backup");
    if (sealed.nonce.size() != nonce_length || sealed.ciphertext.size() < tag_length + 8) return cannot;
    WipedString plain(sealed.ciphertext.size() - tag_length, '\0');
    const auto bound = bound_to(rotation, id);
    if (crypto_aead_xchacha20poly1305_ietf_decrypt(
            reinterpret_cast<unsigned char*>(plain.data()), nullptr, nullptr, raw(sealed.ciphertext),
            sealed.ciphertext.size(), raw(bound), bound.size(), raw(sealed.nonce), raw(key_.reveal())) != 0)
        return cannot;
    std::string_view rest = plain;
    Secret secret(take(rest)), token(take(rest));
    return AccessKey{id, std::move(secret), std::move(token)};
}

Result<void> Sealing::prove_round_trip() const {
    const auto id = *AccessKeyId::parse("AKIAIOSFODNN7EXAMPLE");
    const AccessKey sample{id, Secret("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"), Secret()};
    auto sealed = seal("r-proof", sample);
    if (!sealed) return std::unexpected(sealed.error());
    const auto back = unseal("r-proof", id, *sealed);
    const bool opens = back && back->same_as(sample);
    const bool bound = !unseal("r-other", id, *sealed);
    if (!opens || !bound)
        return failed("sealing does not work here: a sealed sample could not be opened again");
    return {};
}

}  // namespace keytide::ledger
