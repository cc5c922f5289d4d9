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
Outcome<void> check_policy_name(std::string_view name);  // 1 to 128 of the same
// 1 to `longest` of the same; `member` is the name in the error's text: groupName.
Outcome<void> check_name(std::string_view member, std::string_view name, std::size_t longest);
Outcome<void> check_path(std::string_view path, std::string_view member = "path");  // "/" or "/…/", up to 512
Outcome<void> check_path_prefix(std::string_view prefix);  // starts with "/", up to 512
Outcome<void> check_access_key_id(std::string_view id);    // 16 to 128 letters, digits and underscores

// `member` is the name in the error's text.
Outcome<void> check_length(std::string_view member, std::string_view value, std::size_t least,
                           std::size_t most);
Outcome<void> check_description(std::string_view text);      // up to 1000 characters
Outcome<void> check_serial_number(std::string_view serial);  // of an MFA device: 9 to 256
Outcome<void> check_one_time_code(std::string_view member, std::string_view code);  // six digits
// ValidationError for its length, InvalidInput for what is no ARN of a policy.
Outcome<void> check_policy_arn(std::string_view member, std::string_view arn);

// 3 to 63 lower-case letters, digits, dots and hyphens. InvalidBucketName.
Outcome<void> check_bucket_name(std::string_view name);

}  // namespace keytide::lab
