#include "iam_policy/principals.hpp"

#include <algorithm>

namespace keytide::iam_policy {
namespace {

bool is_account(std::string_view text) {
    return text.size() == 12 && text.find_first_not_of("0123456789") == std::string_view::npos;
}

// AIDA… of a user, AROA… of a role: what AWS itself writes in place of an ARN when it stores a policy.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids
bool is_unique_id(std::string_view text) {
    return text.size() >= 16 && text.size() <= 128 &&
           (text.starts_with("AIDA") || text.starts_with("AROA")) &&
           text.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") == std::string_view::npos;
}

struct ArnParts {
    std::string_view service, region, account, resource;
};

std::optional<ArnParts> read_arn(std::string_view text) {
    std::string_view parts[5];
    for (auto& part : parts) {
        const auto colon = text.find(':');
        if (colon == std::string_view::npos) return std::nullopt;
        part = text.substr(0, colon);
        text.remove_prefix(colon + 1);
    }
    if (parts[0] != "arn" || parts[1].empty() || text.empty()) return std::nullopt;
    return ArnParts{parts[2], parts[3], parts[4], text};
}

// The account of a name that means the whole account: its number, or the ARN of its root.
std::string_view account_meant(std::string_view name) {
    if (is_account(name)) return name;
    const auto arn = read_arn(name);
    return arn && arn->service == "iam" && arn->resource == "root" ? arn->account : std::string_view{};
}

bool is_aws_name(std::string_view text) {
    if (text == "*" || is_account(text) || is_unique_id(text)) return true;
    if (text.find_first_of("*?") != std::string_view::npos) return false;  // no part of a name
    const auto arn = read_arn(text);
    if (!arn || !is_account(arn->account) || !arn->region.empty()) return false;
    const auto is_a = [&](std::string_view kind) {
        return arn->resource.starts_with(kind) && arn->resource.size() > kind.size();
    };
    if (arn->service == "iam") return arn->resource == "root" || is_a("user/") || is_a("role/");
    return arn->service == "sts" && (is_a("assumed-role/") || is_a("federated-user/"));
}

bool is_service_name(std::string_view text) {
    return text.find('*') == std::string_view::npos &&
           (text.ends_with(".amazonaws.com") || text.ends_with(".amazonaws.com.cn") ||
            text.ends_with(".amazon.com") || text.ends_with(".aws.internal"));
}

bool is_identity_provider(std::string_view text) {
    constexpr std::string_view known[] = {"cognito-identity.amazonaws.com", "www.amazon.com",
                                          "graph.facebook.com", "accounts.google.com"};
    if (std::find(std::begin(known), std::end(known), text) != std::end(known)) return true;
    const auto arn = read_arn(text);
    return arn && arn->service == "iam" && is_account(arn->account) &&
           (arn->resource.starts_with("saml-provider/") || arn->resource.starts_with("oidc-provider/"));
}

Closeness closeness_of_aws(std::string_view name, const Principal& principal) {
    using Kind = Principal::Kind;
    if (name == "*") return Closeness::role;
    const bool in_account = principal.kind == Kind::root || principal.kind == Kind::user ||
                            principal.kind == Kind::role_session || principal.kind == Kind::federated_user;
    if (!in_account) return Closeness::none;
    if (const auto account = account_meant(name); !account.empty())
        return account == principal.account ? Closeness::account : Closeness::none;
    if (name == principal.arn) return Closeness::itself;
    if (!principal.role_arn.empty() && name == principal.role_arn) return Closeness::role;
    if (!principal.unique_id.empty() && name == principal.unique_id)
        return principal.kind == Kind::role_session ? Closeness::role : Closeness::itself;
    return Closeness::none;
}

}  // namespace

std::optional<PrincipalName> Principals::read_name(std::string_view type, std::string_view value) {
    using Type = PrincipalName::Type;
    if (type == "AWS" && is_aws_name(value)) return PrincipalName{Type::aws, std::string(value)};
    if (type == "Service" && is_service_name(value)) return PrincipalName{Type::service, std::string(value)};
    if (type == "Federated" && is_identity_provider(value))
        return PrincipalName{Type::federated, std::string(value)};
    if (type == "CanonicalUser" && value.size() == 64)
        return PrincipalName{Type::canonical_user, std::string(value)};
    return std::nullopt;
}

Closeness Principals::closeness_to(const Principal& principal) const {
    using Kind = Principal::Kind;
    auto closest = Closeness::none;
    for (const auto& name : names_) {
        auto closeness = Closeness::none;
        switch (name.type) {
            case PrincipalName::Type::aws: closeness = closeness_of_aws(name.value, principal); break;
            case PrincipalName::Type::service:
                if (principal.kind == Kind::service && name.value == principal.name)
                    closeness = Closeness::itself;
                break;
            case PrincipalName::Type::federated:
                if ((principal.kind == Kind::web_identity || principal.kind == Kind::saml) &&
                    name.value == principal.name)
                    closeness = Closeness::itself;
                break;
            case PrincipalName::Type::canonical_user: break;  // nobody here signs as one
        }
        closest = std::max(closest, closeness);
    }
    return closest;
}

}  // namespace keytide::iam_policy
