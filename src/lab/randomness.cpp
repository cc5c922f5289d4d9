#include "lab/randomness.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cstdint>

#include "vocabulary/wiped_string.hpp"

namespace keytide::lab {
namespace {

template <std::size_t n>
std::array<unsigned char, n> draw(const Randomness& randomness) {
    std::array<unsigned char, n> bytes;
    randomness(std::as_writable_bytes(std::span(bytes)));
    return bytes;
}

constexpr std::string_view base32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
constexpr std::string_view base64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

}  // namespace

// Ten bytes in base32 (RFC 4648): a set bit, the account in forty bits, 39 random bits.
AccessKeyId draw_access_key_id(const Randomness& randomness, const AccountId& account,
                               std::string_view prefix) {
    std::uint64_t number = 0;
    std::from_chars(account.data(), account.data() + account.size(), number);
    const auto random = draw<5>(randomness);
    const std::uint64_t first48 = std::uint64_t(1) << 47 | number << 7 | (random[0] & 0x7f);
    const std::uint64_t first40 = first48 >> 8;
    std::uint64_t second40 = first48 & 0xff;
    for (std::size_t i = 1; i < random.size(); ++i) second40 = second40 << 8 | random[i];
    std::string id(prefix);
    for (const auto bits : {first40, second40})
        for (int shift = 35; shift >= 0; shift -= 5) id += base32[bits >> shift & 31];
    return *AccessKeyId::parse(id);
}

Secret draw_secret(const Randomness& randomness) {
    auto bytes = draw<40>(randomness);
    WipedString text;
    text.reserve(bytes.size());
    for (const auto byte : bytes) text += base64[byte & 63];
    explicit_bzero(bytes.data(), bytes.size());
    return Secret(text);
}

std::string draw_unique_id(const Randomness& randomness, std::string_view prefix) {
    std::string id(prefix);
    for (const auto byte : draw<17>(randomness)) id += base32[byte & 31];
    return id;
}

std::string draw_uuid(const Randomness& randomness) {
    auto bytes = draw<16>(randomness);
    bytes[6] = (bytes[6] & 0x0f) | 0x40;  // RFC 9562: version 4,
    bytes[8] = (bytes[8] & 0x3f) | 0x80;  // variant 10
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    text.reserve(36);
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        if (i == 4 || i == 6 || i == 8 || i == 10) text += '-';
        text += digits[bytes[i] >> 4];
        text += digits[bytes[i] & 15];
    }
    return text;
}

std::string draw_letters(const Randomness& randomness, std::size_t count) {
    std::string text(count, '\0');
    randomness(std::as_writable_bytes(std::span(text.data(), text.size())));
    for (char& c : text) c = letters[static_cast<unsigned char>(c) % letters.size()];
    return text;
}

}  // namespace keytide::lab
