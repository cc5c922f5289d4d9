#include "iam_policy/policy.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <cctype>
#include <set>

#include "iam_policy/duplicate_keys.hpp"

namespace keytide::iam_policy {
namespace {

namespace json = boost::json;

constexpr std::string_view syntax_errors = "Syntax errors in policy";  // AWS's words

std::string_view view(const json::string& text) {
    return {text.data(), text.size()};
}

// A string, or an array of strings, as every list of the grammar may be written.
Result<std::vector<std::string>> strings(const json::value& value) {
    if (const auto* one = value.if_string()) return std::vector{std::string(view(*one))};
    const auto* many = value.if_array();
    if (many == nullptr) return failed(std::string(syntax_errors));
    std::vector<std::string> result;
    for (const auto& item : *many) {
        const auto* text = item.if_string();
        if (text == nullptr) return failed(std::string(syntax_errors));
        result.emplace_back(view(*text));
    }
    return result;
}

bool is_vendor(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](unsigned char c) {
        return std::isalnum(c) != 0 || c == '-' || c == '.';
    });
}

Result<ActionPattern> compile_action(std::string_view text) {
    if (text != "*" && text != "*:*") {
        const auto colon = text.find(':');
        if (colon == std::string_view::npos || colon + 1 == text.size())
            return failed("Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc");
        if (text.find(':', colon + 1) != std::string_view::npos)
            return failed("Actions/Condition can contain only one colon");
        if (!is_vendor(text.substr(0, colon)))
            return failed(fmt::format("Vendor {} is not valid", text.substr(0, colon)));
    }
    return ActionPattern(text);
}

Result<ResourcePattern> compile_resource(std::string_view text, bool has_variables) {
    if (text != "*") {
        if (!text.starts_with("arn:"))
            return failed(fmt::format("Resource {} must be in ARN format or \"*\"", text));
        if (std::count(text.begin(), text.end(), ':') < 5) return failed("The policy failed legacy parsing");
        const auto service = text.substr(text.find(':', 4) + 1);
        if (!is_vendor(service.substr(0, service.find(':'))))
            return failed("Resource vendor must be fully qualified and cannot contain regexes");
        if (const auto unknown = ResourcePattern::unknown_variable(text); has_variables && !unknown.empty())
            return failed(fmt::format("The policy variable is not supported here yet: {}", unknown));
    }
    return ResourcePattern(text, has_variables);
}

Result<void> read_actions(Statement& statement, const json::value& value, bool negated) {
    if (!statement.actions.empty()) return failed(std::string(syntax_errors));  // Action and NotAction
    statement.not_action = negated;
    auto texts = strings(value);
    if (!texts) return std::unexpected(texts.error());
    for (const auto& text : *texts) {
        auto pattern = compile_action(text);
        if (!pattern) return std::unexpected(pattern.error());
        statement.actions.push_back(std::move(*pattern));
    }
    return {};
}

Result<void> read_resources(Statement& statement, const json::value& value, bool negated,
                            bool has_variables) {
    if (!statement.resources.empty()) return failed(std::string(syntax_errors));
    statement.not_resource = negated;
    auto texts = strings(value);
    if (!texts) return std::unexpected(texts.error());
    for (const auto& text : *texts) {
        auto pattern = compile_resource(text, has_variables);
        if (!pattern) return std::unexpected(pattern.error());
        statement.resources.push_back(std::move(*pattern));
    }
    return {};
}

Result<Statement> compile_statement(const json::value& value, bool has_variables) {
    const auto* object = value.if_object();
    if (object == nullptr) return failed(std::string(syntax_errors));
    Statement statement;
    bool has_effect = false;
    for (const auto& member : *object) {
        const std::string_view name(member.key().data(), member.key().size());
        const auto* text = member.value().if_string();
        Result<void> read;
        if (name == "Sid") {
            if (text == nullptr || !std::all_of(text->begin(), text->end(),
                                                [](unsigned char c) { return std::isalnum(c) != 0; }))
                return failed("Statement IDs (SID) must be alpha-numeric");
            statement.sid = view(*text);
        } else if (name == "Effect") {
            if (text == nullptr || (*text != "Allow" && *text != "Deny"))
                return failed(std::string(syntax_errors));
            statement.effect = *text == "Allow" ? Effect::allow : Effect::deny;
            has_effect = true;
        } else if (name == "Action" || name == "NotAction") {
            read = read_actions(statement, member.value(), name == "NotAction");
        } else if (name == "Resource" || name == "NotResource") {
            read = read_resources(statement, member.value(), name == "NotResource", has_variables);
        } else if (name == "Principal" || name == "NotPrincipal") {
            return failed("Policy document should not specify a principal");
        } else if (name == "Condition") {
            return failed("The element Condition is not supported here yet");
        } else {
            return failed(std::string(syntax_errors));
        }
        if (!read) return std::unexpected(read.error());
    }
    if (!has_effect) return failed(std::string(syntax_errors));
    if (statement.actions.empty()) return failed("Policy statement must contain actions");
    if (statement.resources.empty()) return failed("Policy statement must contain resources");
    return statement;
}

template <class Patterns, class... Text>
bool any_matches(const Patterns& patterns, Text... text) {
    return std::any_of(patterns.begin(), patterns.end(),
                       [&](const auto& one) { return one.matches(text...); });
}

}  // namespace

bool Statement::matches(std::string_view lower_case_action, std::string_view resource,
                        std::string_view user_name) const {
    return any_matches(actions, lower_case_action) != not_action &&
           any_matches(resources, resource, user_name) != not_resource;
}

Result<Policy> Policy::parse(std::string_view text) {
    json::error_code error;
    const auto document = json::parse(json::string_view(text.data(), text.size()), error);
    if (error || has_duplicate_keys(text)) return failed(std::string(syntax_errors));
    const auto* object = document.if_object();
    if (object == nullptr) return failed(std::string(syntax_errors));

    bool has_variables = false;  // text like ${aws:username} is literal in the older version
    const json::value* statements = nullptr;
    for (const auto& member : *object) {
        const std::string_view name(member.key().data(), member.key().size());
        if (name == "Version") {
            const auto* version = member.value().if_string();
            if (version == nullptr || (*version != "2012-10-17" && *version != "2008-10-17"))
                return failed(std::string(syntax_errors));
            has_variables = *version == "2012-10-17";
        } else if (name == "Statement") {
            statements = &member.value();
        } else if (name != "Id" || !member.value().is_string()) {
            return failed(std::string(syntax_errors));
        }
    }
    if (statements == nullptr) return failed(std::string(syntax_errors));

    Policy policy;
    std::set<std::string> sids;
    const auto add = [&](const json::value& value) -> Result<void> {
        auto statement = compile_statement(value, has_variables);
        if (!statement) return std::unexpected(statement.error());
        if (!statement->sid.empty() && !sids.insert(statement->sid).second)
            return failed("Statement IDs (SID) in a single policy must be unique");
        policy.statements_.push_back(std::move(*statement));
        return {};
    };
    if (const auto* many = statements->if_array()) {
        if (many->empty()) return failed(std::string(syntax_errors));
        for (const auto& one : *many)
            if (auto added = add(one); !added) return std::unexpected(added.error());
    } else if (auto added = add(*statements); !added) {
        return std::unexpected(added.error());
    }
    return policy;
}

Verdict Policy::evaluate(std::string_view action, std::string_view resource,
                         std::string_view user_name) const {
    std::string lower_case(action);
    for (char& c : lower_case)
        if (c >= 'A' && c <= 'Z') c = char(c - 'A' + 'a');
    auto verdict = Verdict::implicit_deny;
    for (const auto& statement : statements_) {
        if (!statement.matches(lower_case, resource, user_name)) continue;
        if (statement.effect == Effect::deny) return Verdict::explicit_deny;
        verdict = Verdict::allowed;
    }
    return verdict;
}

std::size_t counted_size(std::string_view text) {
    return std::size_t(std::count_if(text.begin(), text.end(),
                                     [](char c) { return c != ' ' && c != '\t' && c != '\n' && c != '\r'; }));
}

}  // namespace keytide::iam_policy
