// What an auditor asks of a rotation, in one line: who, when, which key, by whose consent, what was verified
// with which answer, when the old key was refused.
#pragma once

#include <string>
#include <vector>

#include "ports/ledger.hpp"
#include "rotation/record.hpp"

namespace keytide::cli {

std::string evidence_of(const rotation::Rotation& rotation, const std::vector<ports::Recorded>& events);

}  // namespace keytide::cli
