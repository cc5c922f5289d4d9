#include "iam_policy/statement.hpp"

#include <algorithm>

namespace keytide::iam_policy {
namespace {

// In NotPrincipal, an account spares its root from a Deny and none of its users, who have to be named
// themselves: of the two readings of AWS's page, the one that grants less.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html
bool is_spared(Closeness found, Effect effect, const Principal& principal) {
    if (found != Closeness::account || effect == Effect::allow) return found != Closeness::none;
    return principal.kind == Principal::Kind::root;
}

Closeness closeness(const Statement& statement, const Principal& principal) {
    if (!statement.principals) return Closeness::itself;
    const auto found = statement.principals->closeness_to(principal);
    if (!statement.not_principal) return found;
    return is_spared(found, statement.effect, principal) ? Closeness::none : Closeness::role;
}

}  // namespace

Closeness Statement::closeness_to(const Request& request) const {
    const auto close = closeness(*this, request.principal);
    if (close == Closeness::none) return Closeness::none;
    if (std::any_of(actions.begin(), actions.end(),
                    [&](const ActionPattern& one) { return one.matches(request.action); }) == not_action)
        return Closeness::none;
    if (!resources.empty() &&
        std::any_of(resources.begin(), resources.end(), [&](const ResourcePattern& one) {
            return one.matches(request.resource, request.context);
        }) == not_resource)
        return Closeness::none;
    return close;
}

bool Statement::speaks_of(const Request& request) const {
    return closeness_to(request) != Closeness::none;
}

Closeness Statement::matches(const Request& request) const {
    const auto close = closeness_to(request);
    const bool all_hold = close == Closeness::none ||
                          std::all_of(conditions.begin(), conditions.end(),
                                      [&](const Condition& one) { return one.holds(request.context); });
    return all_hold ? close : Closeness::none;
}

}  // namespace keytide::iam_policy
