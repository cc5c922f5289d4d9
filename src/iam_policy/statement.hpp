// One statement of a policy, compiled.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "iam_policy/condition.hpp"
#include "iam_policy/pattern.hpp"
#include "iam_policy/principals.hpp"
#include "iam_policy/request.hpp"
#include "iam_policy/source_range.hpp"

namespace keytide::iam_policy {

enum class Effect { allow, deny };

struct Statement {
    std::string sid;  // may be empty
    Effect effect = Effect::deny;
    bool not_action = false;
    std::vector<ActionPattern> actions;
    bool not_resource = false;
    std::vector<ResourcePattern> resources;  // none: a trust policy, whose resource is its role
    bool not_principal = false;
    std::optional<Principals> principals;  // nothing: an identity policy, which speaks of whoever has it
    std::vector<Condition> conditions;     // all of them must hold
    SourceRange source;

    // Closeness::none: it does not match the request. An identity policy's statement that matches is as close
    // as can be.
    Closeness matches(const Request& request) const;

    // Whether it matches but for its conditions.
    bool speaks_of(const Request& request) const;

private:
    Closeness closeness_to(const Request& request) const;  // but for its conditions
};

}  // namespace keytide::iam_policy
