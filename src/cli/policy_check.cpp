#include "cli/policy_check.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "iam_policy/explanation.hpp"
#include "iam_policy/lint.hpp"
#include "vocabulary/identity.hpp"

namespace keytide::cli {

using iam_policy::Effect;
using iam_policy::Fault;
using iam_policy::Principal;
using iam_policy::Statement;

namespace {

constexpr std::string_view user_prefix = "user/";
constexpr const char* some_account = "123456789012";  // AWS's own example
constexpr const char* some_user = "somebody";

std::string_view name_in(const Arn& arn) {
    return std::string_view(arn.resource).substr(arn.resource.rfind('/') + 1);
}

bool is_literal(std::string_view text) {
    return text.find_first_of("*?$") == std::string_view::npos;
}

// As the policies name it, as far as they do.
std::string user_arn(const std::vector<CheckedPolicy>& policies,
                     const std::optional<std::string>& user_name) {
    Arn user{"aws", "iam", "", some_account, std::string(user_prefix) + user_name.value_or(some_user)};
    for (const auto& [policy_name, policy] : policies)
        for (const auto& statement : policy.statements())
            for (const auto& resource : statement.resources) {
                const auto arn = Arn::parse(resource.text());
                if (!arn || arn->service != "iam" || !arn->resource.starts_with(user_prefix)) continue;
                if (is_literal(arn->partition)) user.partition = arn->partition;
                if (is_literal(arn->account) && !arn->account.empty()) user.account = arn->account;
                if (is_literal(arn->resource) && (!user_name || name_in(*arn) == *user_name))
                    return arn->text();
            }
    return user.text();
}

// What a user's policies can know of it before it asks.
iam_policy::MapContext context_of(const Arn& user) {
    return {{"aws:username", name_in(user)},
            {"aws:PrincipalArn", user.text()},
            {"aws:PrincipalAccount", user.account},
            {"aws:PrincipalType", "User"}};
}

using May = PolicyCheck::May;

// What policies of one kind say together, as far as it can be said before a request.
May may(const std::vector<CheckedPolicy>& policies, const iam_policy::Request& request,
        std::vector<std::string>& conditions) {
    bool allowed = false, maybe_allowed = false, denied = false, maybe_denied = false;
    std::vector<std::string> told;
    for (const auto& [name, policy] : policies)
        for (const auto& statement : policy.statements()) {
            if (!statement.speaks_of(request)) continue;
            const bool allows = statement.effect == Effect::allow;
            if (statement.conditions.empty()) {
                (allows ? allowed : denied) = true;
                continue;
            }
            (allows ? maybe_allowed : maybe_denied) = true;
            std::vector<std::string> words;
            for (const auto& condition : statement.conditions)
                words.push_back(iam_policy::in_words(condition));
            told.push_back(fmt::format("{} if {}", allows ? "allowed" : "denied", fmt::join(words, " and ")));
        }
    if (denied || !(allowed || maybe_allowed)) return May::no;
    if (allowed && !maybe_denied) return May::yes;
    conditions.insert(conditions.end(), told.begin(), told.end());
    return May::conditional;
}

PolicyCheck::Power power(const rotation::Permission& permission, const HeldPolicies& held, const Arn& user) {
    const auto context = context_of(user);
    const auto arn = user.text();
    const iam_policy::Request request{
        .action = permission.action,
        .resource = arn,
        .context = context,
        .principal = {.kind = Principal::Kind::user, .account = user.account, .arn = arn}};
    PolicyCheck::Power power{&permission, May::no, {}};
    const auto own = may(held.identity, request, power.conditions);
    const auto bounded = held.boundary ? may({*held.boundary}, request, power.conditions) : May::yes;
    power.may = own == May::no || bounded == May::no     ? May::no
                : own == May::yes && bounded == May::yes ? May::yes
                                                         : May::conditional;
    if (power.may == May::no) power.conditions.clear();
    return power;
}

std::string_view word_for(Fault fault) {
    switch (fault) {
        case Fault::unknown_action: return "unknown_action";
        case Fault::never_meet: return "never_meet";
        case Fault::grants_nothing: return "grants_nothing";
    }
    return "";
}

// "role.json, line 4: ", as compilers have it.
std::string place(const std::string& policy, std::optional<std::uint32_t> line) {
    return line ? fmt::format("{}:{}: ", policy, *line) : policy + ": ";
}

}  // namespace

PolicyCheck check_policies(const HeldPolicies& held, const std::optional<std::string>& user_name) {
    PolicyCheck check;
    check.user = user_arn(held.identity, user_name);
    const auto user = Arn::parse(check.user).value_or(Arn{});
    const auto known = iam_policy::KnownActions::of_aws();
    const auto look_at = [&](const CheckedPolicy& checked) {
        const auto& [name, policy] = checked;
        for (const auto& statement : policy.statements())
            check.statements.push_back({name, statement.source.start.line, iam_policy::in_words(statement)});
        for (auto& finding : iam_policy::lint(policy, known)) {
            // Beside others, one that only denies has its use.
            if (finding.fault == Fault::grants_nothing && held.identity.size() > 1) continue;
            std::optional<std::uint32_t> line;
            if (finding.statement) line = policy.statements()[*finding.statement].source.start.line;
            check.findings.push_back({name, std::string(word_for(finding.fault)), line, finding.action,
                                      finding.resource, finding.suggestion, finding.message});
        }
    };
    for (const auto& policy : held.identity) look_at(policy);
    if (held.boundary) look_at(*held.boundary);
    for (const auto& permission : rotation::permissions())
        if (permission.needed_by(rotation::Role::user) != rotation::Need::unused)
            check.powers.push_back(power(permission, held, user));
    return check;
}

PolicyCheck::Finding malformed(std::string policy, std::string refusal) {
    if (refusal.ends_with('.')) refusal.pop_back();
    return {std::move(policy), "malformed", std::nullopt, "", "", "", "AWS refuses it: " + refusal};
}

std::string_view to_text(PolicyCheck::May may) {
    switch (may) {
        case May::yes: return "yes";
        case May::no: return "no";
        case May::conditional: return "conditional";
    }
    return "";
}

std::string in_lines(const PolicyCheck& check) {
    std::string text;
    for (const auto& told : check.statements) text += place(told.policy, told.line) + told.words + "\n";
    if (!check.powers.empty())
        text += fmt::format("\nof {} and its own key, Keytide{}\n", check.user,
                            check.by_aws ? " (by AWS's own simulation)" : "");
    for (const auto& [permission, may_it, conditions] : check.powers) {
        const auto word = may_it == May::yes ? "may" : may_it == May::no ? "may not" : "may, if";
        const auto what = may_it == May::no ? permission->without : permission->with;
        text += fmt::format("{:<7}  {:<24}  {}\n", word, permission->action, what);
        for (const auto& condition : conditions) text += fmt::format("{:<7}  -> {}\n", "", condition);
    }
    if (!text.empty()) text += "\n";
    for (const auto& finding : check.findings)
        text += fmt::format("finding  {}{}\n", place(finding.policy, finding.line), finding.message);
    const auto count = check.findings.size();
    return text + (count == 0 ? "no findings" : fmt::format("{} finding{}", count, count == 1 ? "" : "s"));
}

}  // namespace keytide::cli
