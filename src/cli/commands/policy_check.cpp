#include "cli/policy_check.hpp"

#include <fmt/format.h>

#include <fstream>
#include <iostream>

#include "cli/commands.hpp"
#include "cli/context.hpp"
#include "cli/exit_code.hpp"
#include "cli/user_name.hpp"
#include "cli/wiring.hpp"
#include "rotation/refusal.hpp"

namespace keytide::cli {
namespace {

// What is to be checked, and what AWS would not even store.
struct Given {
    HeldPolicies held;
    std::vector<PolicyCheck::Finding> malformed;
    std::optional<std::vector<ports::Simulated>> simulated{};  // nothing: it may not be asked for

    void add(std::string name, std::string_view text, bool is_boundary = false) {
        auto policy = iam_policy::Policy::parse(text);
        if (!policy)
            malformed.push_back(cli::malformed(std::move(name), policy.error().message));
        else if (is_boundary)
            held.boundary = CheckedPolicy{std::move(name), std::move(*policy)};
        else
            held.identity.push_back({std::move(name), std::move(*policy)});
    }
};

// As far as a policy can be long, and one character more, which makes it one that AWS refuses.
Result<Given> from_file(const std::string& path) {
    std::string text(iam_policy::longest_document + 1, '\0');
    std::ifstream file;
    if (path != "-") file.open(path, std::ios::binary);
    std::istream& from = path == "-" ? std::cin : file;
    from.read(text.data(), std::streamsize(text.size()));
    if (from.bad() || (path != "-" && !file.is_open()))
        return usage_error("the policy " + path + " cannot be read",
                           "name a file with a policy as JSON, or - for standard input");
    text.resize(std::size_t(from.gcount()));
    Given given;
    given.add(path == "-" ? "standard input" : path, text);
    return given;
}

Error not_read(const ports::Answer<ports::PoliciesOfUser>& answer, const std::string& user_name) {
    const bool forbidden = answer.refused() != nullptr && !rotation::says_throttled(answer.refused()->code);
    return {
        ErrorKind::failed, fmt::format("the policies of {} cannot be read ({})", user_name, why(answer)),
        forbidden
            ? "allow these credentials to read them, as AWS's policy IAMReadOnlyAccess does, or name a FILE"
            : "try again later"};
}

Result<Given> from_aws(Session& session, const std::string& user_name) {
    const auto context = find_context(session, credentials::KeyUse::sign);
    if (!context) return std::unexpected(context.error());
    const auto wiring = Wiring::open(session, context->connection, {}, {});
    if (!wiring) return std::unexpected(wiring.error());
    const auto answer = (*wiring)->policies().read(context->source.key, user_name);
    const auto* read = answer.done();
    if (read == nullptr) return std::unexpected(not_read(answer, user_name));
    Given given;
    for (const auto& [name, text] : read->identity) given.add(name, text);
    if (read->boundary) given.add("permissions boundary " + read->boundary->name, read->boundary->text, true);
    std::vector<std::string> actions;
    for (const auto& permission : rotation::permissions()) actions.emplace_back(permission.action);
    auto simulation =
        (*wiring)->policies().simulate(context->source.key, read->user_arn, actions, read->user_arn);
    if (auto* simulated = simulation.done()) given.simulated = std::move(*simulated);
    return given;
}

// AWS knows more than the policies that can be read, such as those of the organization. What depends on a
// request stays as the policies have it.
void take_word_of_aws(const std::vector<ports::Simulated>& simulated, PolicyCheck& check) {
    check.by_aws = true;
    for (auto& power : check.powers)
        for (const auto& decision : simulated)
            if (decision.action == power.permission->action && decision.is_certain &&
                power.may != PolicyCheck::May::conditional)
                power.may = decision.allowed ? PolicyCheck::May::yes : PolicyCheck::May::no;
}

}  // namespace

Report check_policy(const PolicyCheckAsked& asked, Session& session) {
    if (asked.user_name && !is_user_name(*asked.user_name)) return failure(no_user_name(*asked.user_name));
    if (!asked.file && !asked.user_name)
        return failure({ErrorKind::usage, "there is no policy to check",
                        "name a FILE, or with --user-name a user whose policies are read from AWS"});
    auto given = asked.file ? from_file(*asked.file) : from_aws(session, *asked.user_name);
    if (!given) return failure(given.error());
    auto check = check_policies(given->held, asked.user_name);
    // What is no policy at all says nothing of what is allowed.
    if (given->held.identity.empty() && !given->malformed.empty()) check = {};
    if (given->simulated) take_word_of_aws(*given->simulated, check);
    check.findings.insert(check.findings.begin(), given->malformed.begin(), given->malformed.end());
    Report report{.exit_code = check.findings.empty() ? exit_code::done : exit_code::findings,
                  .text = in_lines(check)};
    report.policy_check = std::move(check);
    return report;
}

}  // namespace keytide::cli
