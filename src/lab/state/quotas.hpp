// How much of everything an account may hold. Beyond, LimitExceeded.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
#pragma once

#include <cstddef>

namespace keytide::lab {

struct Quotas {
    std::size_t users = 5000;
    std::size_t groups = 300;
    std::size_t roles = 1000;
    std::size_t policies = 1500;  // managed ones of its own
    std::size_t buckets = 10'000;
};

inline constexpr std::size_t groups_per_user = 10;
inline constexpr std::size_t attached_policies_per_holder = 10;
inline constexpr std::size_t versions_per_policy = 5;
// Of characters, white space not counted: one managed or trust policy, and all inline ones of a group or
// role.
inline constexpr std::size_t managed_policy_size = 6144;
inline constexpr std::size_t trust_policy_size = 2048;
inline constexpr std::size_t group_policies_size = 5120;
inline constexpr std::size_t role_policies_size = 10'240;
inline constexpr std::size_t access_keys_per_user = 2;  // inactive ones count

}  // namespace keytide::lab
