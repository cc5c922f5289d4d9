#include "lab/sts/assume_role.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "iam_policy/lower_case.hpp"
#include "lab/constraints.hpp"
#include "lab/gate/authorisation.hpp"
#include "lab/state/held_policies.hpp"
#include "lab/state/stored_time.hpp"

namespace keytide::lab::sts {
namespace {

constexpr std::int64_t hour = 3600;               // the default, and the most that a chain of roles gets
constexpr std::int64_t longest_session = 43'200;  // that a role can allow
constexpr std::size_t packed_limit = 2048;
constexpr std::size_t most_policy_arns = 10;

struct Asked {
    std::string_view role_arn, session_name, external_id, source_identity;
    std::chrono::seconds duration{};
    std::optional<PolicyDocument> policy;
    std::vector<std::string> policy_arns;
    std::vector<Tag> tags;
    std::vector<std::string> transitive_tag_keys;
};

// STS tells the value that it refuses.
Outcome<void> check_pattern(std::string_view member, std::string_view value, std::string_view further,
                            std::string_view pattern) {
    const bool fits = std::all_of(value.begin(), value.end(), [&](char c) {
        return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
               further.find(c) != std::string_view::npos;
    });
    if (fits) return {};
    return refuse("ValidationError",
                  fmt::format("1 validation error detected: Value '{}' at '{}' failed to satisfy constraint: "
                              "Member must satisfy regular expression pattern: {}",
                              value, member, pattern),
                  400);
}

Outcome<void> read_texts(const Call& call, Asked& asked) {
    auto arn = call.required("RoleArn", "roleArn", 20, 2048);
    if (!arn) return std::unexpected(arn.error());
    asked.role_arn = *arn;
    const auto read = Arn::parse(*arn);
    if (!read || read->service != "iam" || !read->resource.starts_with("role/"))
        return refuse("ValidationError", fmt::format("{} is invalid", *arn), 400);
    auto name = call.required("RoleSessionName", "roleSessionName", 2, 64);
    if (!name) return std::unexpected(name.error());
    asked.session_name = *name;
    if (auto fits = check_pattern("roleSessionName", *name, "_+=,.@-", R"([\w+=,.@-]*)"); !fits) return fits;
    auto external_id = call.optional("ExternalId", "externalId", 2, 1224);
    if (!external_id) return std::unexpected(external_id.error());
    asked.external_id = external_id->value_or("");
    if (auto fits = check_pattern("externalId", asked.external_id, "_+=,.@:\\/-", R"([\w+=,.@:\/-]*)"); !fits)
        return fits;
    auto identity = call.optional("SourceIdentity", "sourceIdentity", 2, 64);
    if (!identity) return std::unexpected(identity.error());
    asked.source_identity = identity->value_or("");
    return check_pattern("sourceIdentity", asked.source_identity, "_+=,.@-", R"([\w+=,.@-]*)");
}

// How much of what AWS packs into a token is used, in per cent. Its packing is not known; the plain texts are
// measured here against the limit that they have together.
std::size_t packed_size(const Asked& asked) {
    std::size_t size = asked.policy ? iam_policy::counted_size(asked.policy->text) : 0;
    for (const auto& arn : asked.policy_arns) size += arn.size();
    for (const auto& tag : asked.tags) size += tag.key.size() + tag.value.size();
    return (size * 100 + packed_limit - 1) / packed_limit;
}

Outcome<void> read_session_policies(const Call& call, Asked& asked) {
    if (const auto* document = call.parameters.find("Policy")) {
        auto policy = read_policy_document(*document);
        if (!policy) return std::unexpected(policy.error());
        asked.policy = std::move(*policy);
    }
    for (const auto& one : call.parameters.structures("PolicyArns.member")) {
        const auto arn = one.get("arn");
        if (auto valid = check_policy_arn("policyArns", arn); !valid) return valid;
        asked.policy_arns.emplace_back(arn);
    }
    if (asked.policy_arns.size() > most_policy_arns)
        return std::unexpected(constraint_violated(
            "policyArns", fmt::format("Member must have length less than or equal to {}", most_policy_arns)));
    return {};
}

// Tags that a chain passes on are those of the session that goes on with it.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html#id_session-tags_role-chaining
Outcome<void> read_tags(const Call& call, Asked& asked) {
    for (const auto& one : call.parameters.structures("Tags.member"))
        asked.tags.push_back({std::string(one.get("Key")), std::string(one.get("Value"))});
    if (auto valid = check_tags(asked.tags); !valid) return valid;
    asked.transitive_tag_keys = call.parameters.list("TransitiveTagKeys.member");
    return check_tag_keys(asked.transitive_tag_keys);
}

Outcome<void> pass_on_tags(const Call& call, Asked& asked) {
    if (!call.caller.session) return {};
    const auto same_key = [](std::string_view key) {
        return
            [key](const Tag& tag) { return iam_policy::lower_case(tag.key) == iam_policy::lower_case(key); };
    };
    for (const auto& key : call.caller.session->transitive_tag_keys) {
        if (std::any_of(asked.tags.begin(), asked.tags.end(), same_key(key)))
            return refuse("InvalidParameterValue",
                          "One of the specified transitive tag keys can't be set because it conflicts with a "
                          "transitive tag key from the calling session.",
                          400);
        const auto& tags = call.caller.session->tags;
        const auto tag = std::find_if(tags.begin(), tags.end(), same_key(key));
        if (tag != tags.end()) asked.tags.push_back(*tag);
        asked.transitive_tag_keys.push_back(key);
    }
    return {};
}

Outcome<Asked> read_asked(const Call& call) {
    Asked asked;
    if (auto read = read_texts(call, asked); !read) return std::unexpected(read.error());
    auto duration = call.duration(hour, longest_session);
    if (!duration) return std::unexpected(duration.error());
    asked.duration = *duration;
    if (auto read = read_session_policies(call, asked); !read) return std::unexpected(read.error());
    if (auto read = read_tags(call, asked); !read) return std::unexpected(read.error());
    if (call.parameters.has("ProvidedContexts.member.1.ProviderArn"))
        return refuse("InvalidParameterValue", "ProvidedContexts are not supported here.", 400);
    return asked;
}

gate::Target target_of(const Asked& asked, const Role* role, const AccountId& owner, bool with_mfa) {
    gate::Target target{
        .arn = std::string(asked.role_arn), .words = std::string(asked.role_arn), .owner = owner};
    if (role != nullptr) target.tags = &role->tags;
    auto& keys = target.keys;
    keys.push_back({"sts:rolesessionname", {std::string(asked.session_name)}});
    if (!asked.external_id.empty()) keys.push_back({"sts:externalid", {std::string(asked.external_id)}});
    if (!asked.source_identity.empty())
        keys.push_back({"sts:sourceidentity", {std::string(asked.source_identity)}});
    if (!asked.transitive_tag_keys.empty())
        keys.push_back({"sts:transitivetagkeys", asked.transitive_tag_keys});
    if (with_mfa) {
        keys.push_back({"aws:multifactorauthpresent", {"true"}});
        keys.push_back({"aws:multifactorauthage", {"0"}});
    }
    return gate::with_request_tags(std::move(target), asked.tags);
}

// A user or role that was deleted and made again under its ARN is not the one that is trusted.
bool is_a_stranger(const Trust& trust, const Account& account, const Caller& caller) {
    std::string_view arn = caller.arn;
    if (caller.kind == Caller::Kind::role_session) {
        const auto* role = account.roles().find_by_id(caller.principal_id);
        arn = role != nullptr ? std::string_view(role->arn) : std::string_view{};
    }
    const auto known = trust.unique_ids.find(arn);
    return known != trust.unique_ids.end() && known->second != caller.principal_id;
}

// A role that does not exist, and one that does not trust, are refused in the same words, so that nobody
// learns which roles there are.
Outcome<void> admit(const Call& call, const Asked& asked, const Trust* trust, const gate::Target& target) {
    std::vector<std::string_view> actions{"sts:AssumeRole"};
    if (!asked.tags.empty()) actions.push_back("sts:TagSession");
    if (!asked.source_identity.empty()) actions.push_back("sts:SetSourceIdentity");
    for (const auto action : actions) {
        std::string reason;
        if (trust != nullptr && !is_a_stranger(*trust, call.account(), call.caller)) {
            const iam_policy::NamedPolicy policy{"AssumeRolePolicyDocument", &trust->document.compiled};
            const auto decision = gate::decide(call.account(), call.caller, action, target, &policy, true);
            if (decision.allowed()) continue;
            if (decision.verdict == iam_policy::Verdict::explicit_deny)
                reason = " " + decision.reason(action);
        }
        return refuse("AccessDenied",
                      fmt::format("User: {} is not authorized to perform: {} on resource: {}{}",
                                  call.caller.arn, action, asked.role_arn, reason),
                      403);
    }
    return {};
}

}  // namespace

ActionResult assume_role(const Call& call) {
    auto asked = read_asked(call);
    if (!asked) return std::unexpected(asked.error());
    if (call.caller.is_root())
        return refuse("AccessDenied", "Roles may not be assumed by root accounts.", 403);
    auto with_mfa = call.mfa();
    if (!with_mfa) return std::unexpected(with_mfa.error());
    if (auto passed = pass_on_tags(call, *asked); !passed) return std::unexpected(passed.error());

    const auto arn = *Arn::parse(asked->role_arn);
    auto* owner = call.partition.find_account(arn.account);
    auto* role =
        owner == nullptr ? nullptr : owner->roles().find(arn.resource.substr(arn.resource.rfind('/') + 1));
    if (role != nullptr && role->arn != asked->role_arn) role = nullptr;
    const auto target = target_of(*asked, role, arn.account, *with_mfa);
    const auto earlier = role != nullptr ? call.earlier(*role) : nullptr;
    const auto* trust = role == nullptr      ? nullptr
                        : earlier == nullptr ? &role->trust
                        : earlier->trust     ? &*earlier->trust
                                             : nullptr;  // nobody has heard of the role
    if (auto admitted = admit(call, *asked, trust, target); !admitted)
        return std::unexpected(admitted.error());

    if (call.caller.kind == Caller::Kind::role_session && asked->duration > std::chrono::seconds(hour))
        return refuse(
            "ValidationError",
            "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role "
            "chaining",
            400);
    if (asked->duration > role->longest_session)
        return refuse("ValidationError",
                      "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.", 400);
    const auto packed = packed_size(*asked);
    if (packed > 100)
        return refuse(
            "PackedPolicyTooLarge",
            fmt::format("Packed policy consumes {}% of allotted space, please use smaller policy.", packed),
            400);

    const auto now = stored_time(call.now);
    role->last_used = RoleUse{now, call.caller.region};
    Session session{.access_key_id = {},
                    .secret = {},
                    .account = owner->id(),
                    .principal_id = role->id,
                    .name = std::string(asked->session_name),
                    .issued = now,
                    .expires = now + asked->duration,
                    .policy = std::move(asked->policy),
                    .policy_arns = std::move(asked->policy_arns),
                    .tags = std::move(asked->tags),
                    .transitive_tag_keys = std::move(asked->transitive_tag_keys),
                    .source_identity = std::string(asked->source_identity)};
    const bool is_packed = session.is_narrowed() || !session.tags.empty();
    XmlWriter xml;
    xml.open("AssumedRoleUser").leaf("AssumedRoleId", fmt::format("{}:{}", role->id, session.name));
    xml.leaf("Arn", fmt::format("arn:aws:sts::{}:assumed-role/{}/{}", owner->id(), role->name, session.name));
    xml.close("AssumedRoleUser");
    if (is_packed) xml.leaf("PackedPolicySize", std::to_string(packed));
    if (!session.source_identity.empty()) xml.leaf("SourceIdentity", session.source_identity);
    call.append_credentials(xml, std::move(session));
    return xml.take();
}

}  // namespace keytide::lab::sts
