// A user's password for the console, and since when.
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_LoginProfile.html
#pragma once

#include <string>

#include "vocabulary/instant.hpp"

namespace keytide::lab {

struct LoginProfile {
    std::string password;  // its stand-in (passwords.hpp)
    Instant created;
    Instant changed;  // the password
    bool must_be_reset = false;
};

}  // namespace keytide::lab
