#include "lab/gate/authorisation.hpp"

#include <fmt/format.h>

#include <vector>

#include "iam_policy/decision.hpp"

namespace keytide::lab::gate {

namespace {

// What policies may ask about who signed.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principal-properties
class CallersContext : public iam_policy::Context {
public:
    CallersContext(const Caller& caller, const User& user) : caller_(caller), user_(user) {}

    std::optional<std::vector<std::string>> values(std::string_view key) const override {
        if (key == "aws:username") return {{user_.name}};
        if (key == "aws:userid") return {{user_.id}};
        if (key == "aws:principalarn") return {{user_.arn}};
        if (key == "aws:principalaccount") return {{caller_.account}};
        if (key == "aws:principaltype") return {{"User"}};
        return std::nullopt;
    }

private:
    const Caller& caller_;
    const User& user_;
};

}  // namespace

Outcome<void> authorise(const Account& account, const Caller& caller, std::string_view action,
                        const Target& target) {
    if (caller.is_root()) return {};
    iam_policy::Decision decision;
    // By id, which guards against a user who was deleted and made again while this request ran.
    if (const auto* user = account.users().find_by_id(caller.user_id)) {
        std::vector<iam_policy::NamedPolicy> policies;
        policies.reserve(user->policies.by_name().size());
        for (const auto& [name, policy] : user->policies.by_name())
            policies.push_back({name, &policy.compiled});
        const CallersContext context(caller, *user);
        decision = iam_policy::decide({.identity = policies},
                                      {.action = action,
                                       .resource = target.arn,
                                       .context = context,
                                       .principal = {.kind = iam_policy::Principal::Kind::user,
                                                     .account = caller.account,
                                                     .arn = user->arn,
                                                     .unique_id = user->id}});
    }
    if (decision.allowed()) return {};

    std::string message = fmt::format("User: {} is not authorized to perform: {}", caller.arn, action);
    if (!target.words.empty()) message += " on resource: " + target.words;
    message += " " + decision.reason(action);
    return refuse("AccessDenied", std::move(message), 403);
}

}  // namespace keytide::lab::gate
