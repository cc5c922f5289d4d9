#include "iam_policy/policy.hpp"

#include <algorithm>
#include <set>

#include "iam_policy/compile.hpp"
#include "iam_policy/document.hpp"

namespace keytide::iam_policy {
namespace {

// AWS's words; trust policies have their own.
std::string words_for(Malformed why, Kind kind) {
    if (is_of_identities(kind)) return "Syntax errors in policy.";
    switch (why) {
        case Malformed::json: return "This policy contains invalid Json";
        case Malformed::empty: return "Could not parse the policy: Statement is empty!";
        case Malformed::syntax: break;
    }
    return "Syntax error in policy.";
}

bool is_version(std::string_view text) {
    return text == "2012-10-17" || text == "2008-10-17";
}

}  // namespace

Result<Policy> Policy::parse(std::string_view json, Kind kind) {
    if (json.size() > longest_document) return failed(words_for(Malformed::syntax, kind));
    const auto document = read_document(json);
    if (!document) return failed(words_for(document.error(), kind));
    if (document->version && !is_version(*document->version))
        return failed(is_of_identities(kind) ? words_for(Malformed::syntax, kind)
                                             : "The policy must contain a valid version string");
    // Text like ${aws:username} is literal in the older version, which is also the one of policies without.
    // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_version.html
    const bool takes_variables = document->version == "2012-10-17";

    // Public transcripts have this text of CreatePolicy.
    if (kind == Kind::managed && !takes_variables)
        return failed("Policy document must be version 2012-10-17 or greater.");

    const auto ranges = statement_ranges(json);
    std::vector<Statement> statements;
    std::set<std::string> sids;
    for (std::size_t i = 0; i < document->statements.size(); ++i) {
        auto statement = compile_statement(document->statements[i], kind, takes_variables);
        if (!statement) return std::unexpected(statement.error());
        if (!statement->sid.empty() && !sids.insert(statement->sid).second)
            return failed(is_of_identities(kind) ? "Statement IDs (SID) in a single policy must be unique."
                                                 : "The Statement Ids in the policy are not unique");
        if (ranges.size() == document->statements.size()) statement->source = ranges[i];
        statements.push_back(std::move(*statement));
    }
    Policy policy;
    policy.statements_ = std::make_shared<const std::vector<Statement>>(std::move(statements));
    return policy;
}

Evaluation Policy::evaluate(const Request& request) const {
    Evaluation result;
    for (std::size_t i = 0; i < statements_->size(); ++i) {
        const auto& statement = (*statements_)[i];
        if (statement.effect == Effect::allow && result.closeness == Closeness::itself) continue;
        const auto closeness = statement.matches(request);
        if (closeness == Closeness::none) continue;
        if (statement.effect == Effect::deny) return {Verdict::explicit_deny, i, closeness};
        if (closeness > result.closeness) result = {Verdict::allowed, i, closeness};
    }
    return result;
}

std::vector<std::string> Policy::context_keys() const {
    std::set<std::string> keys;
    for (const auto& statement : *statements_) {
        for (const auto& resource : statement.resources)
            for (auto& key : resource.keys()) keys.insert(std::move(key));
        for (const auto& condition : statement.conditions)
            for (auto& key : condition.keys()) keys.insert(std::move(key));
    }
    return {keys.begin(), keys.end()};
}

std::size_t counted_size(std::string_view text) {
    return std::size_t(std::count_if(text.begin(), text.end(),
                                     [](char c) { return c != ' ' && c != '\t' && c != '\n' && c != '\r'; }));
}

}  // namespace keytide::iam_policy
