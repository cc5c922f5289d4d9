// What IAM and S3 let names be, refused with their words.
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateUser.html and its neighbours,
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
#pragma once

#include <cstddef>
#include <string_view>

#include "lab/service_error.hpp"

namespace keytide::lab {

// 1 to `longest` letters, digits and _+=,.@- ; users may be made with 64, and asked for with 128.
// ValidationError.
Outcome<void> check_user_name(std::string_view name, std::size_t longest = 128);
Outcome<void> check_policy_name(std::string_view name);    // 1 to 128 of the same
Outcome<void> check_path(std::string_view path);           // "/" or "/…/", up to 512
Outcome<void> check_path_prefix(std::string_view prefix);  // starts with "/", up to 512
Outcome<void> check_access_key_id(std::string_view id);    // 16 to 128 letters, digits and underscores

// 3 to 63 lower-case letters, digits, dots and hyphens. InvalidBucketName.
Outcome<void> check_bucket_name(std::string_view name);

}  // namespace keytide::lab
