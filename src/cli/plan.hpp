// What a rotation would do, call by call: shown before consent is asked for, and by --dry-run.
#pragma once

#include <string>
#include <vector>

#include "rotation/request.hpp"

namespace keytide::cli {

struct Plan {
    std::vector<std::string> steps;    // calls and changes, in order
    std::vector<std::string> skipped;  // guarantees that are done without
};

Plan plan(const rotation::Request& request);

}  // namespace keytide::cli
