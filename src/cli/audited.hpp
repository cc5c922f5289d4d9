// An account as `keytide audit` found it, and the forms in which that is told.
#pragma once

#include <string>
#include <vector>

#include "compliance/assessment.hpp"
#include "orchestrator/account_survey.hpp"
#include "rotation/record.hpp"

namespace keytide::cli {

struct Audited {
    orchestrator::AccountSurvey survey;
    compliance::Assessment assessment;
    std::string region;                         // where Security Hub is to have it
    std::vector<rotation::Rotation> rotations;  // of this account, as far as our ledger knows
};

// For people: a line for each finding with what to do below it, one for each control, and what was not seen.
std::string in_lines(const Audited& audited);

// https://www.rfc-editor.org/rfc/rfc4180, with one header line.
std::string in_csv(const Audited& audited);

// Security Hub's findings, one by one, and as a JSON array with one finding a line.
std::vector<std::string> asff_of(const Audited& audited);
std::string in_asff(const Audited& audited);

// One page with plots that stands alone.
std::string in_html(const Audited& audited);

}  // namespace keytide::cli
