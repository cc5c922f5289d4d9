// What Security Hub holds of an account in one region: findings in the Security Finding Format.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

namespace keytide::lab::securityhub {

struct Findings {
    std::vector<std::string> asff;             // JSON, by when each was first imported
    std::map<std::string, std::size_t> by_id;  // its index
};

}  // namespace keytide::lab::securityhub
