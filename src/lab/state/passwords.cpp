#include "lab/state/passwords.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sodium.h>

#include <algorithm>
#include <array>
#include <new>
#include <optional>
#include <vector>

#include "lab/base64.hpp"
#include "lab/query_protocol.hpp"

namespace keytide::lab {
namespace {

constexpr std::size_t shortest = 8;
constexpr std::size_t longest = 128;
constexpr std::size_t kinds_needed = 3;

// A millisecond and a mebibyte: the lab has one thread.
constexpr unsigned long long passes = 1;
constexpr std::size_t memory = std::size_t(1) << 20;

// In characters; nothing: it has some that no password has. [\u0009\u000A\u000D\u0020-\u00FF]+
std::optional<std::size_t> length_of(std::string_view password) {
    std::size_t length = 0;
    for (std::size_t i = 0; i < password.size(); ++i, ++length) {
        const auto byte = static_cast<unsigned char>(password[i]);
        if (byte == 0x09 || byte == 0x0a || byte == 0x0d || (byte >= 0x20 && byte < 0x80)) continue;
        const bool continues =
            i + 1 < password.size() && (static_cast<unsigned char>(password[i + 1]) & 0xc0) == 0x80;
        if ((byte != 0xc2 && byte != 0xc3) || !continues) return {};
        ++i;
    }
    return length;
}

struct Kind {
    std::string_view characters, words;
};
constexpr std::array<Kind, 4> kinds{{
    {"ABCDEFGHIJKLMNOPQRSTUVWXYZ", "uppercase letter"},
    {"abcdefghijklmnopqrstuvwxyz", "lowercase letter"},
    {"0123456789", "number"},
    {"!@#$%^&*()_+-=[]{}|'", "symbol"},
}};

bool has(std::string_view password, const Kind& kind) {
    return password.find_first_of(kind.characters) != std::string_view::npos;
}

std::vector<std::string> lacking(std::string_view password) {
    std::vector<std::string> result;
    for (const auto& kind : kinds)
        if (!has(password, kind))
            result.push_back(fmt::format("Password should have at least one {}", kind.words));
    return result;
}

// With the same fault, and without a character of it that says more.
std::string as_faulty(std::string_view password) {
    const auto length = length_of(password);
    if (!length) return "\x01";
    if (*length == 0) return {};
    if (*length > longest) return std::string(longest + 1, 'a');
    std::string like;
    for (const auto& kind : kinds)
        if (has(password, kind)) like += kind.characters.front();
    if (like.empty()) like = " ";
    return *length < shortest ? like : like + std::string(shortest, like.front());
}

std::string slow_hash(std::string_view password, std::string_view salt) {
    std::array<unsigned char, crypto_pwhash_SALTBYTES> salt_bytes;
    crypto_generichash(salt_bytes.data(), salt_bytes.size(),
                       reinterpret_cast<const unsigned char*>(salt.data()), salt.size(), nullptr, 0);
    std::array<unsigned char, 32> hash;
    if (crypto_pwhash(hash.data(), hash.size(), password.data(), password.size(), salt_bytes.data(), passes,
                      memory, crypto_pwhash_ALG_ARGON2ID13) != 0)
        throw std::bad_alloc();
    return to_base64({reinterpret_cast<const char*>(hash.data()), hash.size()});
}

}  // namespace

Outcome<void> check_password(std::string_view member, std::string_view password) {
    const auto length = length_of(password);
    if (!length)
        return std::unexpected(constraint_violated(
            member, R"(Member must satisfy regular expression pattern: [\u0009\u000A\u000D\u0020-\u00FF]+)"));
    if (*length == 0)
        return std::unexpected(
            constraint_violated(member, "Member must have length greater than or equal to 1"));
    if (*length > longest)
        return std::unexpected(constraint_violated(
            member, fmt::format("Member must have length less than or equal to {}", longest)));
    if (*length < shortest)
        return refuse("PasswordPolicyViolation",
                      fmt::format("Password should have a minimum length of {}", shortest), 400);
    const auto missing = lacking(password);
    const auto present = kinds.size() - missing.size();
    if (present < kinds_needed)
        return refuse("PasswordPolicyViolation",
                      fmt::format("Password should meet {} more of the following requirements: {}",
                                  kinds_needed - present, fmt::join(missing, ", ")),
                      400);
    return {};
}

std::string stand_in_for(std::string_view password, std::string_view salt) {
    if (!check_password({}, password)) return as_faulty(password);
    return "Aa1" + slow_hash(password, salt);
}

}  // namespace keytide::lab
