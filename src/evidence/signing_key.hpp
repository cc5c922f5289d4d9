// The key that signs evidence: Ed25519 (RFC 8032). Its public half is given to those who are to verify, once
// and by another way than the evidence; with it nothing can be signed.
#pragma once

#include <array>
#include <filesystem>
#include <string>
#include <string_view>

#include "ports/entropy.hpp"
#include "vocabulary/error.hpp"
#include "vocabulary/secret.hpp"

namespace keytide::evidence {

class PublicKey {
public:
    static Result<PublicKey> from_base64(std::string_view text);  // with white space around it
    std::string base64() const;

    bool signed_this(std::string_view text, std::string_view signature) const;

private:
    friend class SigningKey;
    std::array<unsigned char, 32> bytes_{};
};

class SigningKey {
public:
    // In a file of mode 0600, which is made when there is none. Processes that do this at once end with the
    // same key.
    static Result<SigningKey> load_or_make(const std::filesystem::path& file, ports::Entropy& entropy);
    static Result<SigningKey> from_seed(const Secret& seed);  // 32 bytes

    const PublicKey& public_key() const { return public_key_; }
    std::string sign(std::string_view text) const;  // 64 bytes

private:
    SigningKey() = default;
    Secret secret_;
    PublicKey public_key_;
};

// With padding. Decoding takes the one spelling that encoding gives, and nothing else.
std::string to_base64(std::string_view bytes);
Result<std::string> from_base64(std::string_view text);

}  // namespace keytide::evidence
