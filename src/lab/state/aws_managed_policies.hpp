// The policies that AWS manages, as far as people attach them to those who have keys: real documents, taken
// in March 2026 from https://github.com/zoph-io/MAMIP, which records what AWS publishes. Of their versions
// the one in force is here.
//
// Compiled when they are first asked for: the largest has a hundred and fifty kilobytes, and most labs never
// touch it. https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "lab/state/managed_policies.hpp"

namespace keytide::lab {

class AwsManagedPolicies {
public:
    const ManagedPolicy* find(std::string_view arn);         // null: none
    std::map<std::string_view, const ManagedPolicy*> all();  // by name

    // As it stands elsewhere: one that is not here, or in another version. MalformedPolicyDocument.
    Outcome<void> adopt(std::string_view arn, std::string_view name, std::string_view document, Instant now);

private:
    const ManagedPolicy& compiled(std::size_t index);

    std::map<std::size_t, ManagedPolicy> compiled_;
    std::map<std::string, ManagedPolicy, std::less<>> adopted_;  // by ARN
};

}  // namespace keytide::lab
