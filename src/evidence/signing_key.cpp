#include "evidence/signing_key.hpp"

#include <sodium.h>

#include <algorithm>
#include <span>

#include "ledger/private_file.hpp"
#include "vocabulary/wiped_string.hpp"

namespace keytide::evidence {
namespace {

constexpr int variant = sodium_base64_VARIANT_ORIGINAL;

const unsigned char* bytes(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view white = " \t\r\n";
    const auto first = text.find_first_not_of(white);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(white) - first + 1);
}

// 32 bytes, without a copy that stays.
Result<Secret> seed_from(std::string_view base64, const std::filesystem::path& file) {
    const auto text = trimmed(base64);
    WipedString seed(crypto_sign_SEEDBYTES, '\0');
    std::size_t size = 0;
    if (sodium_base642bin(reinterpret_cast<unsigned char*>(seed.data()), seed.size(), text.data(),
                          text.size(), nullptr, &size, nullptr, variant) != 0 ||
        size != seed.size())
        return failed(file.string() + " holds no key that signs evidence",
                      "put it back from a backup, or remove it and tell those who verify the new public key");
    return Secret(seed);
}

}  // namespace

std::string to_base64(std::string_view data) {
    std::string text(sodium_base64_ENCODED_LEN(data.size(), variant), '\0');
    sodium_bin2base64(text.data(), text.size(), bytes(data), data.size(), variant);
    text.pop_back();  // the C string's end
    return text;
}

Result<std::string> from_base64(std::string_view text) {
    std::string data(text.size() / 4 * 3 + 3, '\0');
    std::size_t size = 0;
    const char* end = nullptr;
    const bool read = sodium_base642bin(reinterpret_cast<unsigned char*>(data.data()), data.size(),
                                        text.data(), text.size(), nullptr, &size, &end, variant) == 0;
    data.resize(size);
    if (!read || end != text.data() + text.size() || to_base64(data) != text)
        return usage_error("this is not base64", "give it as it was printed");
    return data;
}

Result<PublicKey> PublicKey::from_base64(std::string_view text) {
    const auto decoded = evidence::from_base64(trimmed(text));
    if (!decoded || decoded->size() != crypto_sign_PUBLICKEYBYTES)
        return usage_error("this is not a public key",
                           "it has 32 bytes, as 'keytide evidence public-key' prints it");
    PublicKey key;
    std::ranges::copy(*decoded, key.bytes_.begin());
    return key;
}

std::string PublicKey::base64() const {
    return to_base64({reinterpret_cast<const char*>(bytes_.data()), bytes_.size()});
}

bool PublicKey::signed_this(std::string_view text, std::string_view signature) const {
    return signature.size() == crypto_sign_BYTES &&
           crypto_sign_verify_detached(bytes(signature), bytes(text), text.size(), bytes_.data()) == 0;
}

Result<SigningKey> SigningKey::from_seed(const Secret& seed) {
    if (seed.size() != crypto_sign_SEEDBYTES) return failed("a seed of Ed25519 has 32 bytes");
    SigningKey key;
    WipedString secret(crypto_sign_SECRETKEYBYTES, '\0');
    crypto_sign_seed_keypair(key.public_key_.bytes_.data(), reinterpret_cast<unsigned char*>(secret.data()),
                             bytes(seed.reveal()));
    key.secret_ = Secret(secret);
    return key;
}

Result<SigningKey> SigningKey::load_or_make(const std::filesystem::path& file, ports::Entropy& entropy) {
    if (const auto ok = ledger::make_private_folder(file.parent_path()); !ok)
        return std::unexpected(ok.error());
    auto held = ledger::read_private_file(file);
    if (!held) return std::unexpected(held.error());
    if (!*held) {
        WipedString seed(crypto_sign_SEEDBYTES, '\0');
        entropy.fill(std::as_writable_bytes(std::span(seed.data(), seed.size())));
        WipedString text(sodium_base64_ENCODED_LEN(seed.size(), variant), '\0');
        sodium_bin2base64(text.data(), text.size(), bytes(seed), seed.size(), variant);
        text.back() = '\n';
        // Who was faster made the one that holds.
        if (const auto made = ledger::create_private_file(file, text); !made)
            return std::unexpected(made.error());
        held = ledger::read_private_file(file);
        if (!held) return std::unexpected(held.error());
        if (!*held) return failed(file.string() + " went away while it was made", "try again");
    }
    const auto seed = seed_from({(*held)->data(), (*held)->size()}, file);
    if (!seed) return std::unexpected(seed.error());
    return from_seed(*seed);
}

std::string SigningKey::sign(std::string_view text) const {
    std::string signature(crypto_sign_BYTES, '\0');
    crypto_sign_detached(reinterpret_cast<unsigned char*>(signature.data()), nullptr, bytes(text),
                         text.size(), bytes(secret_.reveal()));
    return signature;
}

}  // namespace keytide::evidence
