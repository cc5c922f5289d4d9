// From a statement as it is written to one that can be matched, with AWS's refusals.
#pragma once

#include "iam_policy/document.hpp"
#include "iam_policy/policy.hpp"
#include "iam_policy/statement.hpp"

namespace keytide::iam_policy {

Result<Statement> compile_statement(const WrittenStatement& written, Kind kind, bool takes_variables);

}  // namespace keytide::iam_policy
