// The condition keys of a request to the lab.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
#pragma once

#include "iam_policy/context.hpp"
#include "lab/gate/authorisation.hpp"

namespace keytide::lab::gate {

// Refers to all of its arguments, which must outlive it.
class RequestContext : public iam_policy::Context {
public:
    RequestContext(const Account& account, const Caller& caller, std::string_view action,
                   const Target& target)
        : account_(account), caller_(caller), action_(action), target_(target) {}

    std::optional<std::vector<std::string>> values(std::string_view lower_case_key) const override;

private:
    std::optional<std::string> value(std::string_view key) const;
    std::optional<std::string> of_principal(std::string_view key) const;
    std::optional<std::string> of_session(std::string_view key) const;
    std::optional<std::string> principal_tag(std::string_view key) const;

    const Account& account_;
    const Caller& caller_;
    std::string_view action_;
    const Target& target_;
};

}  // namespace keytide::lab::gate
