// A decision with what led to it, for the simulations of IAM's API. Slower than decide(): every statement of
// every policy is looked at.
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_EvaluationResult.html
#pragma once

#include <string>
#include <vector>

#include "iam_policy/decision.hpp"

namespace keytide::iam_policy {

struct Trace {
    Decision decision;
    // Those that deny when one does, or else those that allow, in the order of the policies: identity,
    // boundary, session, resource.
    std::vector<Deciding> matched;
    // Keys that the policies ask for and the request does not have, in lower case, sorted.
    std::vector<std::string> missing_keys;
    bool allowed_by_boundary = true;  // true, too, when there is none
};

Trace trace(const Policies& policies, const Request& request);

}  // namespace keytide::iam_policy
