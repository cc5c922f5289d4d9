// Temporary credentials. What a session may do is sealed into its token, which the client sends along with
// each request: nothing is kept, nothing grows, and nobody can change a word of it.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp.html
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "lab/randomness.hpp"
#include "lab/state/policy_document.hpp"
#include "lab/state/tags.hpp"
#include "signature/signing_keys.hpp"
#include "vocabulary/identity.hpp"
#include "vocabulary/instant.hpp"
#include "vocabulary/secret.hpp"

namespace keytide::lab {

struct Session {
    std::string access_key_id;  // ASIA…
    Secret secret;
    AccountId account;
    std::string principal_id;  // AIDA… and root's account number (GetSessionToken), AROA… (AssumeRole)
    std::string name{};        // of a role's session
    Instant issued, expires;
    bool with_mfa = false;
    // Given to AssumeRole: they narrow what the role may do.
    std::optional<PolicyDocument> policy{};
    std::vector<std::string> policy_arns{};
    std::vector<Tag> tags{};
    std::vector<std::string> transitive_tag_keys{};
    std::string source_identity{};
    mutable signature::SigningKeys signing_keys{};

    bool is_roles() const { return principal_id.starts_with("AROA"); }
    bool is_narrowed() const { return policy || !policy_arns.empty(); }
};

// XSalsa20-Poly1305 (libsodium's secretbox) under a key that this lab alone has.
// https://doc.libsodium.org/secret-key_cryptography/secretbox
class SessionSeal {
public:
    explicit SessionSeal(const Randomness& randomness);

    std::string seal(const Session& session, const Randomness& randomness) const;

    // Null: not a token of this lab. Tokens that were opened before are remembered for a while, so that their
    // policies are compiled once.
    std::shared_ptr<const Session> open(std::string_view token);

private:
    Secret key_;
    std::unordered_map<std::string, std::shared_ptr<const Session>> opened_;
};

}  // namespace keytide::lab
