// What is asked of an account, by whom, and under which number: the controls of Security Hub, the
// recommendations of the CIS AWS Foundations Benchmark in their editions, and a few of Keytide's own.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "vocabulary/error.hpp"
#include "vocabulary/instant.hpp"

namespace keytide::compliance {

// What is looked at. One rule stands behind several numbers.
enum class Rule {
    key_age,         // an active key is no older than the limit
    unused,          // an active key or a password was used within the limit
    root_key,        // root has no key
    one_active_key,  // a user has one active key at most, but for a rotation's overlap
    inactive_key,    // a key that was switched off is removed in the end
    orphan_key,      // a second key that was never used, or whose secret nobody got
    better_as_role,  // what a role would do without a key; advice
};

enum class Severity { low, medium, critical };
std::string_view to_text(Severity severity);  // LOW, MEDIUM, CRITICAL, as in Security Hub

struct Control {
    std::string_view standard;  // "security-hub", "cis-3.0", "keytide"
    std::string_view id;        // "IAM.3", "1.14", "inactive-key"
    Rule rule;
    Duration limit;
    Severity severity;
    std::string_view title;
};

// All there are, by standard.
std::span<const Control> all_controls();

// Those of the standards (by default security-hub and keytide), and of these the ones with the ids, if there
// are any. An id that is of one standard alone need not name it.
Result<std::vector<Control>> chosen_controls(const std::vector<std::string>& standards,
                                             const std::vector<std::string>& ids);

}  // namespace keytide::compliance
