// Names of IAM users, as options take them.
#pragma once

#include <string_view>

#include "vocabulary/error.hpp"

namespace keytide::cli {

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateUser.html
bool is_user_name(std::string_view text);

// What is wrong with one that is none.
Error no_user_name(std::string_view text);

}  // namespace keytide::cli
