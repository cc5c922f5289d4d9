#include "lab/gate/authorisation.hpp"

#include <fmt/format.h>

namespace keytide::lab::gate {

using iam_policy::Verdict;

Outcome<void> authorise(const Account& account, const Caller& caller, std::string_view action,
                        const Target& target) {
    if (caller.is_root()) return {};
    auto verdict = Verdict::implicit_deny;
    // By id, which guards against a user who was deleted and made again while this request ran.
    if (const auto* user = account.users().find_by_id(caller.user_id))
        for (const auto& [name, policy] : user->policies.by_name())
            verdict = stronger(verdict, policy.compiled.evaluate(action, target.arn, user->name));
    if (verdict == Verdict::allowed) return {};

    std::string message = fmt::format("User: {} is not authorized to perform: {}", caller.arn, action);
    if (!target.words.empty()) message += " on resource: " + target.words;
    message += verdict == Verdict::explicit_deny
                   ? " with an explicit deny in an identity-based policy"
                   : fmt::format(" because no identity-based policy allows the {} action", action);
    return refuse("AccessDenied", std::move(message), 403);
}

}  // namespace keytide::lab::gate
