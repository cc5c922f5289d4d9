#include "ledger/sealing.hpp"

#include <fmt/format.h>
#include <sodium.h>

#include <algorithm>
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

std::string bound_to(std::string_view ledger_id, std::uint64_t until) {
    std::string bytes;
    add(bytes, "keytide past key 1");
    add(bytes, ledger_id);
    add(bytes, std::to_string(until));
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

    return close(plain, bound_to(rotation, key.id));
}

Result<AccessKey> Sealing::unseal(const rotation::RotationId& rotation, const AccessKeyId& id,
                                  const Sealed& sealed) const {
    const auto plain = open(sealed, bound_to(rotation, id));
    if (!plain || plain->size() < 8)
        return lost("the sealed secret of " + id.text() + " cannot be opened: it was changed, or " +
                        "sealed with another key",
                    "put the ledger and the sealing key back from the same backup");
    std::string_view rest = *plain;
    Secret secret(take(rest)), token(take(rest));
    return AccessKey{id, std::move(secret), std::move(token)};
}

Sealed Sealing::seal(std::string_view ledger_id, const PastKey& key) const {
    WipedString plain;
    plain.reserve(key.chain.key().size() + key.link.size());
    plain.append(key.chain.key().reveal()).append(bytes_of(key.link));
    return close(plain, bound_to(ledger_id, key.until));
}

Result<PastKey> Sealing::unseal_past_key(std::string_view ledger_id, std::uint64_t until,
                                         const Sealed& sealed) const {
    const auto plain = open(sealed, bound_to(ledger_id, until));
    Link link{};
    if (!plain || plain->size() != 32 + link.size())
        return failed(
            fmt::format("the chain's key of the events until {} cannot be opened: it was changed", until),
            "put the newest whole copy back");
    const std::string_view bytes = *plain;
    std::copy_n(bytes.begin() + 32, link.size(), link.begin());
    return PastKey{until, Chain::with_key(Secret(bytes.substr(0, 32))), link};
}

Sealed Sealing::close(std::string_view plain, std::string_view bound) const {
    Sealed sealed{std::string(nonce_length, '\0'), std::string(plain.size() + tag_length, '\0')};
    entropy_->fill(std::as_writable_bytes(std::span(sealed.nonce)));
    crypto_aead_xchacha20poly1305_ietf_encrypt(reinterpret_cast<unsigned char*>(sealed.ciphertext.data()),
                                               nullptr, raw(plain), plain.size(), raw(bound), bound.size(),
                                               nullptr, raw(sealed.nonce), raw(key_.reveal()));
    return sealed;
}

std::optional<WipedString> Sealing::open(const Sealed& sealed, std::string_view bound) const {
    if (sealed.nonce.size() != nonce_length || sealed.ciphertext.size() < tag_length) return std::nullopt;
    WipedString plain(sealed.ciphertext.size() - tag_length, '\0');
    if (crypto_aead_xchacha20poly1305_ietf_decrypt(
            reinterpret_cast<unsigned char*>(plain.data()), nullptr, nullptr, raw(sealed.ciphertext),
            sealed.ciphertext.size(), raw(bound), bound.size(), raw(sealed.nonce), raw(key_.reveal())) != 0)
        return std::nullopt;
    return plain;
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
