// Principal and NotPrincipal: whom a resource-based policy speaks of.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "iam_policy/request.hpp"

namespace keytide::iam_policy {

// How directly a policy names a principal, which decides what else must allow. Ordered.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html
enum class Closeness {
    none,
    account,  // its account, which leaves the decision to that account's own policies
    role,     // the role of its session, or everybody: boundaries and session policies must allow, too
    itself,   // the user, the session, the service: nothing else need allow it
};

struct PrincipalName {
    enum class Type { aws, service, federated, canonical_user };
    Type type;
    std::string value;  // as it was written
};

class Principals {
public:
    // Nothing: no such type ("AWS", "Service", "Federated", "CanonicalUser"), or no name that it can have.
    static std::optional<PrincipalName> read_name(std::string_view type, std::string_view value);

    void add(PrincipalName name) { names_.push_back(std::move(name)); }
    Closeness closeness_to(const Principal& principal) const;
    const std::vector<PrincipalName>& names() const { return names_; }

private:
    std::vector<PrincipalName> names_;
};

}  // namespace keytide::iam_policy
