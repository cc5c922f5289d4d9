// A policy as it was given, and compiled, so that no request pays for reading it.
#pragma once

#include <string>
#include <string_view>

#include "iam_policy/policy.hpp"
#include "lab/service_error.hpp"

namespace keytide::lab {

struct PolicyDocument {
    std::string text;
    iam_policy::Policy compiled;
};

// MalformedPolicyDocument in AWS's words.
Outcome<PolicyDocument> read_policy_document(std::string_view text,
                                             iam_policy::Kind kind = iam_policy::Kind::identity);

}  // namespace keytide::lab
