// Access keys: the id that everyone may see, and the pair that signs.
#pragma once

#include <compare>
#include <optional>
#include <string>
#include <string_view>

#include "vocabulary/identity.hpp"
#include "vocabulary/instant.hpp"
#include "vocabulary/secret.hpp"

namespace keytide {

// 1..128 letters, digits and underscores (IAM asks for 16 or more; local endpoints are less strict).
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_AccessKey.html
class AccessKeyId {
public:
    static bool is_one(std::string_view text);
    static std::optional<AccessKeyId> parse(std::string_view text);

    const std::string& text() const { return text_; }
    bool is_temporary() const { return text_.starts_with("ASIA"); }  // an STS key: nothing to rotate

    // The account number that ids made since about 2019 carry, twelve digits; nothing for older ids.
    std::optional<AccountId> account() const;

    auto operator<=>(const AccessKeyId&) const = default;

private:
    explicit AccessKeyId(std::string text) : text_(std::move(text)) {}
    std::string text_;
};

// A key that can sign. Move-only, like its secret.
struct AccessKey {
    AccessKeyId id;
    Secret secret;
    Secret session_token;  // empty for long-term keys

    bool is_temporary() const { return id.is_temporary() || !session_token.empty(); }
    AccessKey clone() const { return {id, secret.clone(), session_token.clone()}; }
    bool same_as(const AccessKey& other) const { return id == other.id && secret.same_as(other.secret); }
};

enum class KeyStatus { active, inactive };
std::string_view to_text(KeyStatus status);  // "Active", "Inactive"

// One entry of iam:ListAccessKeys.
struct KeyMetadata {
    AccessKeyId id;
    KeyStatus status = KeyStatus::active;
    std::optional<Instant> created;

    bool operator==(const KeyMetadata&) const = default;
};

}  // namespace keytide
