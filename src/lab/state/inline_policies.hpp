// The inline policies of one user, group or role: compiled when they are put, so that no request pays for it.
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_PutUserPolicy.html
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "lab/service_error.hpp"
#include "lab/state/policy_document.hpp"

namespace keytide::lab {

// What carries policies, and how AWS calls it.
enum class Holder { user, group, role };
std::string_view name_of(Holder holder);  // user, group, role

class InlinePolicies {
public:
    explicit InlinePolicies(Holder holder) : holder_(holder) {}

    // MalformedPolicyDocument for what the policy language does not know; LimitExceeded when all of them are
    // too long together, white space not counted.
    // `holder_name`: for the error's text.
    Outcome<void> put(std::string_view name, std::string_view document, std::string_view holder_name);
    Outcome<const PolicyDocument*> named(std::string_view name) const;  // NoSuchEntity
    Outcome<void> erase(std::string_view name);                         // NoSuchEntity

    bool empty() const { return by_name_.empty(); }
    const std::map<std::string, PolicyDocument, std::less<>>& by_name() const { return by_name_; }

private:
    Holder holder_;
    std::map<std::string, PolicyDocument, std::less<>> by_name_;
};

}  // namespace keytide::lab
