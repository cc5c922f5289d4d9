#include "lab/gate/request_context.hpp"

#include "iam_policy/lower_case.hpp"

namespace keytide::lab::gate {
namespace {

std::optional<std::string> copy(const std::string* text) {
    return text != nullptr ? std::optional(*text) : std::nullopt;
}

std::int64_t seconds(Instant t) {
    return std::chrono::floor<std::chrono::seconds>(t).time_since_epoch().count();
}

}  // namespace

std::optional<std::vector<std::string>> RequestContext::values(std::string_view key) const {
    for (const auto& [name, values] : target_.keys)
        if (name == key) return values;
    if (auto one = value(key)) return std::vector{std::move(*one)};
    return std::nullopt;
}

std::optional<std::string> RequestContext::value(std::string_view key) const {
    const auto& around = caller_.circumstances;
    if (key == "aws:currenttime") return to_rfc3339(around.now);
    if (key == "aws:epochtime") return std::to_string(seconds(around.now));
    if (key == "aws:sourceip") return around.source_ip;
    if (key == "aws:securetransport") return around.secure ? "true" : "false";
    if (key == "aws:useragent") return around.user_agent;
    // A global service has one region. https://docs.aws.amazon.com/IAM/latest/UserGuide/
    // reference_policies_condition-keys.html#condition-keys-requestedregion
    if (key == "aws:requestedregion") return action_.starts_with("iam:") ? "us-east-1" : caller_.region;
    if (key == "aws:viaawsservice" || key == "aws:principalisawsservice") return "false";
    if (key == "aws:resourceaccount") return target_.owner.empty() ? caller_.account : target_.owner;
    for (const std::string_view prefix : {"aws:resourcetag/", "iam:resourcetag/"})
        if (key.starts_with(prefix) && target_.tags != nullptr)
            return copy(target_.tags->find(key.substr(prefix.size())));
    if (auto found = of_session(key)) return found;
    return of_principal(key);
}

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#principaltable
std::optional<std::string> RequestContext::of_principal(std::string_view key) const {
    if (key == "aws:username") return caller_.user_name;
    if (key == "aws:userid") return caller_.user_id;
    if (key == "aws:principalaccount") return caller_.account;
    if (key == "aws:principaltype")
        return caller_.kind == Caller::Kind::root   ? "Account"
               : caller_.kind == Caller::Kind::user ? "User"
                                                    : "AssumedRole";
    if (key == "aws:principalarn") {
        if (caller_.kind != Caller::Kind::role_session) return caller_.arn;
        const auto* role = account_.roles().find_by_id(caller_.principal_id);
        return role != nullptr ? std::optional(role->arn) : std::nullopt;
    }
    constexpr std::string_view tag = "aws:principaltag/";
    if (key.starts_with(tag)) return principal_tag(key.substr(tag.size()));
    return std::nullopt;
}

// Whether there was MFA is known of sessions alone, and those of roles carry none, whoever assumed them.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_mfa_configure-api-require.html
std::optional<std::string> RequestContext::of_session(std::string_view key) const {
    const auto* session = caller_.session.get();
    if (session == nullptr) return std::nullopt;
    if (key == "aws:tokenissuetime") return to_rfc3339(session->issued);
    if (key == "aws:multifactorauthpresent") return session->with_mfa ? "true" : "false";
    if (key == "aws:multifactorauthage" && session->with_mfa)
        return std::to_string(seconds(caller_.circumstances.now) - seconds(session->issued));
    if (key == "aws:sourceidentity" && !session->source_identity.empty()) return session->source_identity;
    return std::nullopt;
}

// A session's tags stand before those of its role.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html
std::optional<std::string> RequestContext::principal_tag(std::string_view key) const {
    if (caller_.session)
        for (const auto& tag : caller_.session->tags)
            if (iam_policy::lower_case(tag.key) == key) return tag.value;
    if (const auto* user = account_.users().find_by_id(caller_.principal_id))
        return copy(user->tags.find(key));
    if (const auto* role = account_.roles().find_by_id(caller_.principal_id))
        return copy(role->tags.find(key));
    return std::nullopt;
}

}  // namespace keytide::lab::gate
