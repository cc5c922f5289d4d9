#include "cli/policy_check.hpp"

#include <fstream>
#include <iostream>
#include <iterator>

#include "cli/commands.hpp"
#include "cli/exit_code.hpp"
#include "cli/user_name.hpp"

namespace keytide::cli {
namespace {

// As far as a policy can be long, and one character more, which makes it one that AWS refuses.
Result<std::string> read_policy(const std::string& path) {
    std::string text(iam_policy::longest_document + 1, '\0');
    std::ifstream file;
    if (path != "-") file.open(path, std::ios::binary);
    std::istream& from = path == "-" ? std::cin : file;
    from.read(text.data(), std::streamsize(text.size()));
    if (from.bad() || (path != "-" && !file.is_open()))
        return usage_error("the policy " + path + " cannot be read",
                           "name a file with a policy as JSON, or - for standard input");
    text.resize(std::size_t(from.gcount()));
    return text;
}

}  // namespace

Report check_policy(const PolicyCheckAsked& asked, Session&) {
    if (asked.user_name && !is_user_name(*asked.user_name)) return failure(no_user_name(*asked.user_name));
    const auto text = read_policy(asked.file);
    if (!text) return failure(text.error());
    const auto name = asked.file == "-" ? "standard input" : asked.file;
    PolicyCheck check;
    if (auto policy = iam_policy::Policy::parse(*text))
        check = check_policies({{name, std::move(*policy)}}, asked.user_name);
    else
        check.findings.push_back(malformed(name, policy.error().message));
    Report report{.exit_code = check.findings.empty() ? exit_code::done : exit_code::findings,
                  .text = in_lines(check)};
    report.policy_check = std::move(check);
    return report;
}

}  // namespace keytide::cli
