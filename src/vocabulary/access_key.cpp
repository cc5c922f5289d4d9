#include "vocabulary/access_key.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cstdint>

namespace keytide {

bool AccessKeyId::is_one(std::string_view text) {
    const auto word = [](unsigned char c) { return std::isalnum(c) != 0 || c == '_'; };
    return !text.empty() && text.size() <= 128 && std::all_of(text.begin(), text.end(), word);
}

std::optional<AccessKeyId> AccessKeyId::parse(std::string_view text) {
    return is_one(text) ? std::optional(AccessKeyId(std::string(text))) : std::nullopt;
}

// The sixteen characters after the prefix are base32 (RFC 4648). Of the first 48 bits the top one marks the
// new generation, the next forty are the account, the last seven are random.
// https://medium.com/@TalBeerySec/a-short-note-on-aws-key-id-f88cc4317489
std::optional<AccountId> AccessKeyId::account() const {
    if (text_.size() != 20) return std::nullopt;
    std::uint64_t bits = 0;  // ten characters carry fifty bits
    for (const char c : std::string_view(text_).substr(4, 10)) {
        if (c >= 'A' && c <= 'Z')
            bits = bits << 5 | std::uint64_t(c - 'A');
        else if (c >= '2' && c <= '7')
            bits = bits << 5 | std::uint64_t(c - '2' + 26);
        else
            return std::nullopt;
    }
    const std::uint64_t first48 = bits >> 2;
    if ((first48 >> 47 & 1) == 0) return std::nullopt;
    const std::uint64_t account = first48 >> 7 & 0xff'ffff'ffff;
    if (account > 999'999'999'999) return std::nullopt;
    return fmt::format("{:012}", account);
}

std::string_view to_text(KeyStatus status) {
    return status == KeyStatus::active ? "Active" : "Inactive";
}

}  // namespace keytide
