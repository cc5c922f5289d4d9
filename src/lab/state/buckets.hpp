// All buckets of the lab: a name is given once among all accounts, and each bucket has an owner.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingBucket.html
#pragma once

#include <deque>
#include <map>
#include <string>
#include <string_view>

#include "lab/service_error.hpp"
#include "lab/state/objects.hpp"
#include "vocabulary/identity.hpp"
#include "vocabulary/instant.hpp"

namespace keytide::lab {

struct Bucket {
    std::string name;
    AccountId owner;
    std::string region;
    Instant created;
    Objects objects{};
    Uploads uploads{};
};

class Buckets {
public:
    using ByName = std::map<std::string_view, Bucket*>;

    explicit Buckets(std::size_t quota) : quota_(quota) {}  // for each account

    // Pointers stay valid until the bucket is deleted.
    Outcome<Bucket*> create(const AccountId& owner, std::string_view name, std::string_view region,
                            Instant now);
    Outcome<Bucket*> named(std::string_view name);  // NoSuchBucket
    Outcome<const Bucket*> named(std::string_view name) const;
    Outcome<void> erase(std::string_view name, Instant now);  // NoSuchBucket, BucketNotEmpty

    const ByName& owned_by(const AccountId& owner) const;
    // As those show it who hear of a deletion so much later.
    std::map<std::string_view, const Bucket*> owned_as_of(const AccountId& owner, Duration ago,
                                                          Instant now) const;
    // Of what is deleted from now on, so much is remembered.
    void remember_for(Duration horizon) { horizon_ = horizon; }

private:
    struct Erased {
        Instant at;
        Bucket bucket;
    };

    std::size_t quota_;
    std::map<std::string, Bucket, std::less<>> by_name_;
    std::map<AccountId, ByName> by_owner_;
    Duration horizon_{0};
    std::deque<Erased> erased_;  // oldest first
};

}  // namespace keytide::lab
