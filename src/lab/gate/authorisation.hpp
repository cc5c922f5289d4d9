// May this caller do that? Root may do everything in its account; a user what an inline policy allows and
// none denies. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
#pragma once

#include <string>
#include <string_view>

#include "lab/account.hpp"
#include "lab/caller.hpp"
#include "lab/service_error.hpp"

namespace keytide::lab::gate {

struct Target {
    std::string arn;    // what policies are matched against; "*" for actions without a resource
    std::string words;  // as the refusal names it after "on resource: "; empty: the refusal names none
};

// The target that the refusal names by its ARN, which is how most services do it.
inline Target by_arn(std::string arn) {
    return {arn, arn};
}

// AccessDenied 403 in AWS's words, saying whether a policy denies or none allows.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
Outcome<void> authorise(const Account& account, const Caller& caller, std::string_view action,
                        const Target& target);

}  // namespace keytide::lab::gate
