// May this caller do that? What its policies say, in AWS's order of evaluation.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "iam_policy/decision.hpp"
#include "lab/account.hpp"
#include "lab/caller.hpp"
#include "lab/service_error.hpp"
#include "lab/state/tags.hpp"

namespace keytide::lab::gate {

struct Target {
    std::string arn;    // what policies are matched against; "*" for actions without a resource
    std::string words;  // as the refusal names it after "on resource: "; empty: the refusal names none
    AccountId owner{};  // whose it is; empty: the caller's account's
    const Tags* tags = nullptr;  // of the resource; null: it has none
    // What this call adds to the condition keys, in lower case: iam:policyarn, aws:requesttag/team…
    std::vector<std::pair<std::string, std::vector<std::string>>> keys{};
};

// The target that the refusal names by its ARN, which is how most services do it.
inline Target by_arn(std::string arn) {
    return {arn, arn};
}

// With aws:RequestTag/… of the tags that the request brings, and aws:TagKeys of these and of `keys`.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-requesttag
Target with_request_tags(Target target, std::span<const Tag> tags, std::vector<std::string> keys = {});

// With aws:ResourceTag/… of the resource's tags, which the service calls SERVICE:ResourceTag/… too.
Target with_resource_tags(Target target, std::string_view service,
                          const std::map<std::string, std::string>& tags);

// `account`: the caller's. `resource`: the policy that the resource has of its own, a bucket's or a role's.
iam_policy::Decision decide(const Account& account, const Caller& caller, std::string_view action,
                            const Target& target, const iam_policy::NamedPolicy* resource = nullptr,
                            bool resource_is_trust = false);

// AccessDenied 403 in AWS's words, saying whether a policy denies or none allows.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
Outcome<void> authorise(const Account& account, const Caller& caller, std::string_view action,
                        const Target& target);

// The same for services of the JSON protocol: AccessDeniedException 400.
Outcome<void> authorise_json(const Account& account, const Caller& caller, std::string_view action,
                             const Target& target);

}  // namespace keytide::lab::gate
