// The secrets of an account in one region, their versions, and the staging labels that move between these.
//
// A version never changes; which one is meant is said by labels, each on one version at most. AWSCURRENT
// leaves AWSPREVIOUS behind. A version without labels is deprecated, and forgotten when there are too many.
// https://docs.aws.amazon.com/secretsmanager/latest/userguide/whats-in-a-secret.html#term_version
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "lab/randomness.hpp"
#include "lab/service_error.hpp"
#include "vocabulary/identity.hpp"
#include "vocabulary/instant.hpp"

namespace keytide::lab {

struct SecretValue {
    std::optional<std::string> text, binary;  // one of them; binary in base64, as it came
    bool operator==(const SecretValue&) const = default;
};

struct SecretVersion {
    std::string id;
    SecretValue value;
    Instant created;
    std::set<std::string> stages{};
    std::optional<Instant> last_read{};
};

struct StoredSecret {
    std::string name, arn, description{}, kms_key_id{};  // no KMS key: the account's own for secrets
    std::map<std::string, std::string> tags{};
    Instant created{}, changed{};
    std::optional<Instant> last_read{};
    std::optional<Instant> deleted{}, ends{};  // marked for deletion, and gone from then on
    std::vector<SecretVersion> versions{};     // oldest first

    SecretVersion* version(std::string_view id);        // null: none
    SecretVersion* version_at(std::string_view stage);  // null: none
};

class Secrets {
public:
    Secrets(AccountId account, std::string region)
        : account_(std::move(account)), region_(std::move(region)) {}

    // `id` is a name, an ARN, or an ARN without its last seven characters. Null: none. What has reached its
    // end by now is gone.
    StoredSecret* find(std::string_view id, Instant now);
    Outcome<StoredSecret*> named(std::string_view id, Instant now);   // ResourceNotFoundException
    Outcome<StoredSecret*> usable(std::string_view id, Instant now);  // InvalidRequestException when marked

    std::string arn_of(std::string_view name, std::string_view suffix) const;  // with "-" and six characters
    std::string arn_like(std::string_view id) const;  // of what is not there; an ARN as it is

    // ResourceExistsException, InvalidRequestException while one of that name is marked for deletion.
    Outcome<void> check_free(std::string_view name, Instant now);
    StoredSecret& insert(StoredSecret secret);
    void erase(const StoredSecret& secret);

    std::vector<StoredSecret*> all(Instant now);  // in the order of their making

private:
    AccountId account_;
    std::string region_;
    std::vector<std::unique_ptr<StoredSecret>> secrets_;
};

// A new version with these labels, AWSCURRENT when there are none; or the one that this token made before,
// untouched, when its value is the same. ResourceExistsException when it is another, LimitExceededException.
Outcome<SecretVersion*> put_version(StoredSecret& secret, std::string_view token, SecretValue value,
                                    std::set<std::string> stages, Instant now);

// Takes a label from one version and gives it to another, either of which may be nothing (empty).
// InvalidParameterException when it is not where the caller thinks.
Outcome<void> move_stage(StoredSecret& secret, std::string_view stage, std::string_view from,
                         std::string_view to, Instant now);

}  // namespace keytide::lab
