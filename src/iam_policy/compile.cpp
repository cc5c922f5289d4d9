#include "iam_policy/compile.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "iam_policy/lower_case.hpp"

namespace keytide::iam_policy {
namespace {

// AWS's words, as public transcripts have them and moto and versitygw agree on them. Trust policies have
// their own, with and without a full stop.
constexpr const char* syntax_errors = "Syntax errors in policy.";
constexpr const char* legacy = "The policy failed legacy parsing";
constexpr const char* vendor_missing =
    "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.";

bool is_vendor(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](unsigned char c) {
        return std::isalnum(c) != 0 || c == '-' || c == '.';
    });
}

Result<void> check_effect(const WrittenStatement& written, Kind kind) {
    if (!written.effect) return failed(kind == Kind::trust ? "Missing required field Effect" : syntax_errors);
    if (*written.effect == "Allow" || *written.effect == "Deny") return {};
    if (kind == Kind::trust) return failed("Invalid effect: " + *written.effect);
    const auto folded = lower_case(*written.effect);
    return failed(folded == "allow" || folded == "deny" ? legacy : syntax_errors);
}

Result<void> check_action(std::string_view text) {
    if (text == "*" || text == "*:*") return {};
    const auto colon = text.find(':');
    if (colon == std::string_view::npos || colon + 1 == text.size()) return failed(vendor_missing);
    if (text.find(':', colon + 1) != std::string_view::npos)
        return failed("Actions/Condition can contain only one colon.");
    if (const auto vendor = text.substr(0, colon); !is_vendor(vendor))
        return failed(fmt::format("Vendor {} is not valid", vendor));
    return {};
}

Result<void> add_actions(const WrittenStatement& written, Kind kind, Statement& to) {
    const auto& texts = written.action ? written.action : written.not_action;
    if (!texts || texts->empty())
        return failed(kind == Kind::trust ? "Missing required field Action"
                                          : "Policy statement must contain actions.");
    to.not_action = written.not_action.has_value();
    for (const auto& text : *texts) {
        if (kind == Kind::trust && !lower_case(text).starts_with("sts:"))
            return failed("AssumeRole policy may only specify STS AssumeRole actions.");
        if (auto valid = check_action(text); !valid) return valid;
        to.actions.emplace_back(text);
    }
    return {};
}

bool is_partition(std::string_view text) {
    constexpr std::string_view known[] = {"*",         "aws",       "aws-cn",    "aws-us-gov", "aws-iso",
                                          "aws-iso-b", "aws-iso-e", "aws-iso-f", "aws-eusc"};
    return std::find(std::begin(known), std::end(known), text) != std::end(known);
}

constexpr const char* iam_resources =
    "user/, federated-user/, role/, group/, instance-profile/, mfa/, server-certificate/, policy/, sms-mfa/, "
    "saml-provider/, oidc-provider/, report/, access-report/";

bool is_iam_resource(std::string_view text) {
    for (std::string_view rest = iam_resources; !rest.empty();) {
        const auto comma = rest.find(", ");
        if (text.starts_with(rest.substr(0, comma))) return true;
        rest = comma == std::string_view::npos ? std::string_view{} : rest.substr(comma + 2);
    }
    return text.starts_with("*");
}

Result<void> check_resource(std::string_view text, bool takes_variables) {
    if (text == "*") return {};
    if (!text.starts_with("arn:"))
        return failed(fmt::format("Resource {} must be in ARN format or \"*\".", text));
    // Variables stand behind the fifth colon alone.
    // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
    if (const auto at = text.find("${");
        takes_variables && at != std::string_view::npos &&
        (std::count(text.begin(), text.begin() + std::ptrdiff_t(at), ':') < 5 ||
         !Pattern::first_fault(text).empty()))
        return failed(syntax_errors);
    std::string_view parts[5];
    auto rest = text;
    for (auto& part : parts) {
        const auto colon = rest.find(':');
        if (colon == std::string_view::npos) return failed(legacy);
        part = rest.substr(0, colon);
        rest.remove_prefix(colon + 1);
    }
    const auto [arn, partition, service, region, account] = parts;
    if (!is_partition(partition))
        return failed(fmt::format("Partition \"{}\" is not valid for resource \"{}\".", partition, text));
    if (!is_vendor(service))
        return failed("Resource vendor must be fully qualified and cannot contain regexes.");
    if (service == "iam" && !region.empty())
        return failed(fmt::format("IAM resource {} cannot contain region information.", text));
    if (service == "s3" && !region.empty() && !rest.starts_with("accesspoint/"))
        return failed(fmt::format("Resource {} can not contain region information.", text));
    if (service == "iam" && !is_iam_resource(rest))
        return failed(fmt::format("IAM resource path must either be \"*\" or start with {}.", iam_resources));
    return {};
}

Result<void> add_resources(const WrittenStatement& written, Kind kind, bool takes_variables, Statement& to) {
    if (kind == Kind::trust) {
        if (written.resource) return failed("Has prohibited field Resource");
        if (written.not_resource) return failed("AssumeRole policy must not contain resources.");
        return {};
    }
    const auto& texts = written.resource ? written.resource : written.not_resource;
    if (!texts || texts->empty()) return failed("Policy statement must contain resources.");
    to.not_resource = written.not_resource.has_value();
    for (const auto& text : *texts) {
        if (auto valid = check_resource(text, takes_variables); !valid) return valid;
        to.resources.emplace_back(text, takes_variables);
    }
    return {};
}

std::string upper_case(std::string text) {
    for (char& c : text) c = c >= 'a' && c <= 'z' ? char(c - 'a' + 'A') : c;
    return text;
}

Result<void> add_principals(const WrittenStatement& written, Kind kind, Statement& to) {
    if (is_of_identities(kind)) {
        if (written.principal || written.not_principal)
            return failed("Policy document should not specify a principal.");
        return {};
    }
    if (kind == Kind::trust && written.not_principal)
        return failed(to.effect == Effect::allow ? "Allow with NotPrincipal is not allowed."
                                                 : "AssumeRole policy must not contain NotPrincipal field.");
    const auto& names = written.principal ? written.principal : written.not_principal;
    if (!names) return failed("Missing required field Principal");
    if (kind == Kind::trust && names->star) return failed("Principal must be a JSON object.");
    if (!names->star && names->types.empty())
        return failed("Missing required field Principal cannot be empty!");
    to.not_principal = written.not_principal.has_value();
    to.principals.emplace();
    if (names->star) to.principals->add({PrincipalName::Type::aws, "*"});
    for (const auto& [type, values] : names->types) {
        if (values.empty()) return failed("Missing required field Principal cannot be empty!");
        for (const auto& value : values) {
            auto name = Principals::read_name(type, value);
            if (!name)
                return failed(
                    fmt::format("Invalid principal in policy: \"{}\":\"{}\"", upper_case(type), value));
            to.principals->add(std::move(*name));
        }
    }
    return {};
}

Result<void> add_conditions(const WrittenStatement& written, Kind kind, bool takes_variables, Statement& to) {
    const char* const syntax = kind == Kind::trust ? "Syntax error in policy." : syntax_errors;
    for (const auto& one : written.conditions) {
        if (!Condition::is_operator(one.op)) return failed(syntax);
        if (one.key.find(':') == std::string::npos) return failed(vendor_missing);
        if (takes_variables &&
            std::any_of(one.values.begin(), one.values.end(),
                        [](const std::string& value) { return !Pattern::first_fault(value).empty(); }))
            return failed(syntax);
        auto condition = Condition::compile(one.op, one.key, one.values, takes_variables);
        if (!condition) return failed(legacy);
        to.conditions.push_back(std::move(*condition));
    }
    return {};
}

}  // namespace

Result<Statement> compile_statement(const WrittenStatement& written, Kind kind, bool takes_variables) {
    Statement statement;
    if (auto checked = check_effect(written, kind); !checked) return std::unexpected(checked.error());
    statement.effect = *written.effect == "Allow" ? Effect::allow : Effect::deny;
    if (written.sid) {
        const bool alphanumeric = std::all_of(written.sid->begin(), written.sid->end(),
                                              [](unsigned char c) { return std::isalnum(c) != 0; });
        if (is_of_identities(kind) && !alphanumeric)
            return failed(
                "Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular "
                "expression [0-9A-Za-z]*");
        statement.sid = *written.sid;
    }
    auto valid = add_principals(written, kind, statement);
    if (valid) valid = add_actions(written, kind, statement);
    if (valid) valid = add_resources(written, kind, takes_variables, statement);
    if (valid) valid = add_conditions(written, kind, takes_variables, statement);
    if (!valid) return std::unexpected(valid.error());
    return statement;
}

}  // namespace keytide::iam_policy
