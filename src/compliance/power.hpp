// What a key lets its holder do, in few words: whether everything, or more than its policies say at first
// sight; which services; and whether production is named. It is asked before a key is replaced, when somebody
// can still think twice.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "iam_policy/decision.hpp"

namespace keytide::compliance {

struct Power {
    bool administrator = false;
    std::vector<std::string> could_become_one_by;  // actions on itself
    std::set<std::string> services;                // that their statements name; "*" is every one
    std::set<std::string> production;              // resources that are named after it
};

// Of the user with this ARN. What is allowed under conditions alone counts for the services and for nothing
// else.
Power power_of(const iam_policy::Policies& policies, const std::string& user_arn);

// "is an administrator", "may use s3 and sts": what stands after "this key".
std::string in_words(const Power& power);

}  // namespace keytide::compliance
