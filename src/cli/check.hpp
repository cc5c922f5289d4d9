// One thing that a rotation needs, and how it stands.
#pragma once

#include <string>
#include <vector>

#include "vocabulary/error.hpp"

namespace keytide::cli {

struct Check {
    enum class Status { ok, warning, problem, unchecked };

    std::string name;  // of what was checked: "clock", "iam:ListAccessKeys"
    Status status;
    std::string message;  // how it stands, or why that could not be seen
    std::string hint;     // what to do; empty when there is nothing
};

using Checks = std::vector<Check>;

std::string_view to_text(Check::Status status);

Check ok(std::string name, std::string message);
Check warning(std::string name, std::string message, std::string hint);
Check problem(std::string name, std::string message, std::string hint);
Check problem(std::string name, const Error& error);
Check unchecked(std::string name, std::string why);

void append(Checks& to, Checks more);

// A line for each, with what to do below it, and a last one that counts.
std::string in_lines(const Checks& checks);

}  // namespace keytide::cli
