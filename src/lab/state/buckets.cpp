#include "lab/state/buckets.hpp"

#include "lab/constraints.hpp"
#include "lab/state/stored_time.hpp"

namespace keytide::lab {
namespace {

std::unexpected<ServiceError> refuse_bucket(std::string code, std::string message, int status,
                                            std::string_view bucket) {
    ServiceError error{std::move(code), std::move(message), status};
    error.elements.emplace_back("BucketName", bucket);
    return std::unexpected(std::move(error));
}

}  // namespace

Outcome<Bucket*> Buckets::create(const AccountId& owner, std::string_view name, std::string_view region,
                                 Instant now) {
    if (auto valid = check_bucket_name(name); !valid) return std::unexpected(valid.error());
    if (const auto found = by_name_.find(name); found != by_name_.end()) {
        if (found->second.owner != owner)
            return refuse_bucket(
                "BucketAlreadyExists",
                "The requested bucket name is not available. The bucket namespace is shared by all users of "
                "the system. Please select a different name and try again.",
                409, name);
        // The first region forgives a bucket made again by its owner.
        // https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html
        if (region == "us-east-1" && found->second.region == region) return &found->second;
        return refuse_bucket("BucketAlreadyOwnedByYou",
                             "Your previous request to create the named bucket succeeded and you already own "
                             "it.",
                             409, name);
    }
    auto& owned = by_owner_[owner];
    if (owned.size() >= quota_)
        return refuse("TooManyBuckets", "You have attempted to create more buckets than allowed", 400);
    auto& bucket = by_name_
                       .emplace(name, Bucket{.name = std::string(name),
                                             .owner = owner,
                                             .region = std::string(region),
                                             .created = stored_time(now)})
                       .first->second;
    owned.emplace(bucket.name, &bucket);
    return &bucket;
}

Outcome<Bucket*> Buckets::named(std::string_view name) {
    const auto found = by_name_.find(name);
    if (found == by_name_.end())
        return refuse_bucket("NoSuchBucket", "The specified bucket does not exist", 404, name);
    return &found->second;
}

Outcome<const Bucket*> Buckets::named(std::string_view name) const {
    return const_cast<Buckets*>(this)->named(name);
}

Outcome<void> Buckets::erase(std::string_view name, Instant now) {
    auto found = named(name);
    if (!found) return std::unexpected(found.error());
    if (!(*found)->objects.empty())
        return refuse_bucket("BucketNotEmpty", "The bucket you tried to delete is not empty", 409, name);
    by_owner_[(*found)->owner].erase((*found)->name);
    auto node = by_name_.extract(by_name_.find(name));
    while (!erased_.empty() && erased_.front().at < now - horizon_) erased_.pop_front();
    if (horizon_ > Duration{0}) erased_.push_back({now, std::move(node.mapped())});
    return {};
}

std::map<std::string_view, const Bucket*> Buckets::owned_as_of(const AccountId& owner, Duration ago,
                                                               Instant now) const {
    const auto& there = owned_by(owner);
    std::map<std::string_view, const Bucket*> seen(there.begin(), there.end());
    for (const auto& [at, bucket] : erased_)
        if (bucket.owner == owner && now < at + ago) seen.try_emplace(bucket.name, &bucket);
    return seen;
}

const Buckets::ByName& Buckets::owned_by(const AccountId& owner) const {
    static const ByName none;
    const auto found = by_owner_.find(owner);
    return found == by_owner_.end() ? none : found->second;
}

}  // namespace keytide::lab
