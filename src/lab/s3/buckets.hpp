// ListBuckets, CreateBucket, HeadBucket, DeleteBucket.
#pragma once

#include <string_view>

#include "lab/account.hpp"
#include "lab/caller.hpp"
#include "lab/parameters.hpp"
#include "lab/request.hpp"
#include "lab/service_error.hpp"
#include "vocabulary/instant.hpp"

namespace keytide::lab::s3 {

// `query`: the parameters that select pages (max-buckets, continuation-token, prefix, bucket-region).
Outcome<Reply> list_buckets(const Account& account, const Caller& caller, const Parameters& query);

// `body`: empty or a CreateBucketConfiguration with a LocationConstraint.
Outcome<Reply> create_bucket(Account& account, const Caller& caller, std::string_view name,
                             std::string_view body, Instant now);
Outcome<Reply> head_bucket(const Account& account, const Caller& caller, std::string_view name);
Outcome<Reply> delete_bucket(Account& account, const Caller& caller, std::string_view name);

}  // namespace keytide::lab::s3
