#include "signature/hash.hpp"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <exception>
#include <memory>

namespace keytide::signature {
namespace {

const unsigned char* octets(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}

// Looked up once: EVP_sha256() is looked up anew, under a lock, each time that it is used.
// https://docs.openssl.org/3.0/man7/crypto/#performance
const EVP_MD* sha256_algorithm() {
    static const EVP_MD* const fetched = EVP_MD_fetch(nullptr, "SHA256", nullptr);
    if (fetched == nullptr) std::terminate();
    return fetched;
}

using MacContext = std::unique_ptr<EVP_MAC_CTX, decltype(&EVP_MAC_CTX_free)>;

// HMAC with SHA-256, without a key.
MacContext keyless_hmac() {
    char digest[] = "SHA256";
    const OSSL_PARAM parameters[] = {OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0),
                                     OSSL_PARAM_construct_end()};
    EVP_MAC* const hmac = EVP_MAC_fetch(nullptr, "HMAC", nullptr);
    MacContext context(EVP_MAC_CTX_new(hmac), &EVP_MAC_CTX_free);
    EVP_MAC_free(hmac);  // the context keeps it
    if (!context || EVP_MAC_CTX_set_params(context.get(), parameters) != 1) std::terminate();
    return context;
}

}  // namespace

Digest sha256(std::string_view bytes) {
    Digest digest;
    if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), nullptr, sha256_algorithm(), nullptr) != 1)
        std::terminate();
    return digest;
}

// The one-shot HMAC() looks everything up anew, which takes longer than the hashing. No context outlives its
// key.
Digest hmac_sha256(std::string_view key, std::string_view text) {
    Digest digest;
    static const MacContext keyless = keyless_hmac();
    const MacContext context(EVP_MAC_CTX_dup(keyless.get()), &EVP_MAC_CTX_free);
    const auto* key_bytes = key.empty() ? octets("") : octets(key);  // null would mean "no new key"
    std::size_t size = 0;
    if (!context || EVP_MAC_init(context.get(), key_bytes, key.size(), nullptr) != 1 ||
        EVP_MAC_update(context.get(), octets(text), text.size()) != 1 ||
        EVP_MAC_final(context.get(), digest.data(), &size, digest.size()) != 1 || size != digest.size())
        std::terminate();
    return digest;
}

std::string to_hex(const Digest& digest) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text(2 * digest.size(), '\0');
    for (std::size_t i = 0; i < digest.size(); ++i) {
        text[2 * i] = digits[digest[i] >> 4];
        text[2 * i + 1] = digits[digest[i] & 15];
    }
    return text;
}

std::string sha256_hex(std::string_view bytes) {
    return to_hex(sha256(bytes));
}

bool equal_in_constant_time(std::string_view a, std::string_view b) {
    return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace keytide::signature
