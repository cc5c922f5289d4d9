// ListBuckets, CreateBucket, HeadBucket, DeleteBucket, GetBucketLocation.
#pragma once

#include "lab/s3/call.hpp"

namespace keytide::lab::s3 {

// Pages by max-buckets, continuation-token, prefix and bucket-region.
Outcome<Reply> list_buckets(const Call& call);

// The body: empty, or a CreateBucketConfiguration with a LocationConstraint.
Outcome<Reply> create_bucket(const Call& call);
Outcome<Reply> head_bucket(const Call& call);
Outcome<Reply> delete_bucket(const Call& call);
Outcome<Reply> get_bucket_location(const Call& call);

}  // namespace keytide::lab::s3
