// How late a replica of a service hears of what happened in IAM, and what it remembers too long.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_general.html
#pragma once

#include "vocabulary/instant.hpp"

namespace keytide::lab::misbehaviour {

struct Delays {
    // Until a key that was made, switched off, switched on again or deleted is treated as such.
    Duration created{0}, inactive{0}, reactivated{0}, deleted{0};
    // Until a change of policies, of whichever kind, counts for those who hold them.
    Duration policies{0};
    // IAM's own answers to who reads (ListAccessKeys, GetUser, GetAccessKeyLastUsed) are so old, and changes
    // to what is younger than that are refused with NoSuchEntity.
    Duration reads{0}, writes{0};
    // After a wrong secret its key is refused for that long, with the right one too.
    // https://awsteele.com/blog/2021/10/24/aws-sigv4-caching.html
    Duration wrong_secret{0};
    // Until a use is seen in last-used data.
    Duration last_used{0};
    // ListBuckets still shows a bucket that is gone; nothing else can be done with it.
    // https://docs.aws.amazon.com/AmazonS3/latest/userguide/Welcome.html#ConsistencyModel
    Duration deleted_buckets{0};

    bool operator==(const Delays&) const = default;
};

// What a request meets: the delays of one replica; and what is remembered meanwhile for the others that it
// might have met.
struct Hearing {
    Delays replica{};
    Duration horizon{0};           // nothing older matters to any of them
    Duration slowest_policies{0};  // of their delays of policies

    bool operator==(const Hearing&) const = default;
};

}  // namespace keytide::lab::misbehaviour
