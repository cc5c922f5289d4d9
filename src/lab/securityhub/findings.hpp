// What Security Hub holds of an account in one region: findings in the Security Finding Format, by their ids.
#pragma once

#include <cstdint>
#include <map>
#include <string>

namespace keytide::lab::securityhub {

struct StoredFinding {
    std::uint64_t number = 0;  // 1, 2, …: by when it was first imported
    std::string asff;          // JSON
};

struct Findings {
    std::uint64_t latest = 0;
    std::map<std::string, StoredFinding> by_id;
};

}  // namespace keytide::lab::securityhub
