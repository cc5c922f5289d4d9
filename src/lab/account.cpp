#include "lab/account.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "lab/constraints.hpp"

namespace keytide::lab {
namespace {

constexpr std::size_t access_keys_per_user = 2;  // inactive ones count
constexpr std::size_t users_per_account = 5000;
constexpr std::size_t buckets_per_account = 10'000;
constexpr std::size_t longest_document = 131'072;
constexpr Duration use_resolution = std::chrono::minutes(15);

std::string lower_case(std::string_view text) {
    std::string result(text);
    for (char& c : result)
        if (c >= 'A' && c <= 'Z') c = char(c - 'A' + 'a');
    return result;
}

ServiceError no_such_user(std::string_view name) {
    return {"NoSuchEntity", fmt::format("The user with name {} cannot be found.", name), 404};
}

ServiceError bucket_error(std::string code, std::string message, int status, std::string_view bucket) {
    ServiceError error{std::move(code), std::move(message), status};
    error.elements.emplace_back("BucketName", bucket);
    return error;
}

// AWS stores times in seconds.
Instant whole_seconds(Instant t) {
    return std::chrono::floor<std::chrono::seconds>(t);
}

}  // namespace

Account::Account(AccountId id, std::string region, std::optional<AccessKey> root_key, Randomness randomness,
                 Instant created)
    : id_(std::move(id)),
      region_(std::move(region)),
      randomness_(std::move(randomness)),
      created_(whole_seconds(created)) {
    if (!root_key)
        root_key = AccessKey{draw_access_key_id(randomness_, id_), draw_secret(randomness_), Secret()};
    root_key_id_ = root_key->id.text();
    root_key_ids_.push_back(root_key_id_);
    keys_.emplace(root_key_id_, StoredKey{.key = std::move(*root_key), .created = created_});
}

const AccessKey& Account::root_key() const {
    return keys_.at(root_key_id_).key;
}

std::string Account::user_arn(std::string_view user_name) const {
    const auto* existing = find_user(user_name);
    return existing != nullptr ? existing->arn : fmt::format("arn:aws:iam::{}:user/{}", id_, user_name);
}

// Users

Outcome<const User*> Account::create_user(std::string_view name, std::string_view path, Instant now) {
    if (auto valid = check_user_name(name, 64); !valid) return std::unexpected(valid.error());
    if (auto valid = check_path(path); !valid) return std::unexpected(valid.error());
    if (names_.contains(lower_case(name)))
        return refuse("EntityAlreadyExists", fmt::format("User with name {} already exists.", name), 409);
    if (users_.size() >= users_per_account)
        return refuse("LimitExceeded",
                      fmt::format("Cannot exceed quota for UsersPerAccount: {}", users_per_account), 409);
    User user{.name = std::string(name),
              .path = std::string(path),
              .id = draw_unique_id(randomness_, "AIDA"),
              .arn = fmt::format("arn:aws:iam::{}:user{}{}", id_, path, name),
              .created = whole_seconds(now)};
    names_.insert(lower_case(name));
    return &users_.emplace(name, std::move(user)).first->second;
}

const User* Account::find_user(std::string_view name) const {
    const auto found = users_.find(name);
    return found == users_.end() ? nullptr : &found->second;
}

Outcome<const User*> Account::user(std::string_view name) const {
    if (const auto* found = find_user(name)) return found;
    return std::unexpected(no_such_user(name));
}

Outcome<void> Account::delete_user(std::string_view name) {
    const auto found = users_.find(name);
    if (found == users_.end()) return std::unexpected(no_such_user(name));
    if (!found->second.access_key_ids.empty())
        return refuse("DeleteConflict", "Cannot delete entity, must delete access keys first.", 409);
    if (!found->second.policies.empty())
        return refuse("DeleteConflict", "Cannot delete entity, must delete policies first.", 409);
    names_.erase(lower_case(name));
    users_.erase(found);
    return {};
}

// Access keys

Outcome<std::vector<std::string>*> Account::key_ids_of(std::string_view user_name) {
    if (user_name.empty()) return &root_key_ids_;
    const auto found = users_.find(user_name);
    if (found == users_.end()) return std::unexpected(no_such_user(user_name));
    return &found->second.access_key_ids;
}

Outcome<StoredKey*> Account::key_of(std::string_view user_name, std::string_view id) {
    if (auto owner = key_ids_of(user_name); !owner) return std::unexpected(owner.error());
    const auto found = keys_.find(id);
    if (found == keys_.end() || found->second.user_name != user_name)
        return refuse("NoSuchEntity", fmt::format("The Access Key with id {} cannot be found.", id), 404);
    return &found->second;
}

Outcome<const StoredKey*> Account::create_access_key(std::string_view user_name, Instant now) {
    auto ids = key_ids_of(user_name);
    if (!ids) return std::unexpected(ids.error());
    if ((*ids)->size() >= access_keys_per_user)
        return refuse("LimitExceeded",
                      fmt::format("Cannot exceed quota for AccessKeysPerUser: {}", access_keys_per_user),
                      409);
    auto key_id = draw_access_key_id(randomness_, id_);
    while (keys_.contains(key_id.text())) key_id = draw_access_key_id(randomness_, id_);
    (*ids)->push_back(key_id.text());
    const std::string text = key_id.text();
    return &keys_
                .emplace(text, StoredKey{.key = {std::move(key_id), draw_secret(randomness_), Secret()},
                                         .created = whole_seconds(now),
                                         .user_name = std::string(user_name)})
                .first->second;
}

Outcome<std::vector<const StoredKey*>> Account::access_keys(std::string_view user_name) const {
    const auto* user = user_name.empty() ? nullptr : find_user(user_name);
    if (user == nullptr && !user_name.empty()) return std::unexpected(no_such_user(user_name));
    std::vector<const StoredKey*> result;
    for (const auto& id : user != nullptr ? user->access_key_ids : root_key_ids_)
        result.push_back(&keys_.find(id)->second);
    return result;
}

Outcome<void> Account::update_access_key(std::string_view user_name, std::string_view id, KeyStatus status) {
    auto key = key_of(user_name, id);
    if (!key) return std::unexpected(key.error());
    (*key)->status = status;
    return {};
}

Outcome<void> Account::delete_access_key(std::string_view user_name, std::string_view id) {
    if (auto key = key_of(user_name, id); !key) return std::unexpected(key.error());
    std::erase(**key_ids_of(user_name), id);
    keys_.erase(keys_.find(id));
    return {};
}

const StoredKey* Account::find_access_key(std::string_view id) const {
    const auto found = keys_.find(id);
    return found == keys_.end() ? nullptr : &found->second;
}

void Account::record_use(std::string_view access_key_id, Instant now, std::string_view service,
                         std::string_view region) {
    const auto found = keys_.find(access_key_id);
    if (found == keys_.end()) return;
    auto& last = found->second.last_used;
    if (last && now - last->at < use_resolution) return;
    last = KeyUse{whole_seconds(now), std::string(service), std::string(region)};
}

// Inline policies

Outcome<void> Account::put_user_policy(std::string_view user_name, std::string_view policy_name,
                                       std::string_view document) {
    if (auto valid = check_policy_name(policy_name); !valid) return valid;
    const auto found = users_.find(user_name);
    if (found == users_.end()) return std::unexpected(no_such_user(user_name));
    auto& policies = found->second.policies;
    if (document.size() > longest_document)
        return refuse("MalformedPolicyDocument", "Syntax errors in policy.", 400);
    auto compiled = iam_policy::Policy::parse(document);
    if (!compiled) return refuse("MalformedPolicyDocument", compiled.error().message + ".", 400);

    std::size_t size = iam_policy::counted_size(document);
    for (const auto& [name, policy] : policies)
        if (name != policy_name) size += iam_policy::counted_size(policy.document);
    if (size > iam_policy::user_policies_limit)
        return refuse("LimitExceeded",
                      fmt::format("Maximum policy size of {} bytes exceeded for user {}",
                                  iam_policy::user_policies_limit, user_name),
                      409);
    policies.insert_or_assign(std::string(policy_name),
                              InlinePolicy{std::string(document), std::move(*compiled)});
    return {};
}

Outcome<void> Account::delete_user_policy(std::string_view user_name, std::string_view policy_name) {
    if (auto policy = user_policy(user_name, policy_name); !policy) return std::unexpected(policy.error());
    auto& policies = users_.find(user_name)->second.policies;
    policies.erase(policies.find(policy_name));
    return {};
}

Outcome<const InlinePolicy*> Account::user_policy(std::string_view user_name,
                                                  std::string_view policy_name) const {
    const auto* user = find_user(user_name);
    if (user == nullptr) return std::unexpected(no_such_user(user_name));
    const auto found = user->policies.find(policy_name);
    if (found == user->policies.end())
        return refuse("NoSuchEntity",
                      fmt::format("The user policy with name {} cannot be found.", policy_name), 404);
    return &found->second;
}

// Buckets

Outcome<const Bucket*> Account::create_bucket(std::string_view name, std::string_view region, Instant now) {
    if (auto valid = check_bucket_name(name); !valid) return std::unexpected(valid.error());
    if (const auto found = buckets_.find(name); found != buckets_.end()) {
        // The first region forgives a bucket made again by its owner.
        // https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html
        if (region == "us-east-1" && found->second.region == region) return &found->second;
        return std::unexpected(bucket_error(
            "BucketAlreadyOwnedByYou",
            "Your previous request to create the named bucket succeeded and you already own it.", 409, name));
    }
    if (buckets_.size() >= buckets_per_account)
        return refuse("TooManyBuckets", "You have attempted to create more buckets than allowed", 400);
    return &buckets_.emplace(name, Bucket{std::string(name), std::string(region), whole_seconds(now)})
                .first->second;
}

Outcome<const Bucket*> Account::bucket(std::string_view name) const {
    const auto found = buckets_.find(name);
    if (found == buckets_.end())
        return std::unexpected(
            bucket_error("NoSuchBucket", "The specified bucket does not exist", 404, name));
    return &found->second;
}

Outcome<void> Account::delete_bucket(std::string_view name) {
    if (auto found = bucket(name); !found) return std::unexpected(found.error());
    buckets_.erase(buckets_.find(name));
    return {};
}

}  // namespace keytide::lab
