#include "lab/cloudformation/iam_pieces.hpp"

#include <fmt/format.h>

#include <array>

#include "lab/cloudformation/resource_types.hpp"
#include "lab/iam/iam.hpp"
#include "lab/parameters.hpp"
#include "lab/state/passwords.hpp"
#include "signature/percent_encoding.hpp"

namespace keytide::lab::cloudformation {
namespace {

constexpr std::string_view iam_service = "Iam";

using Fields = std::vector<std::pair<std::string, std::string>>;

// What the action answers, as XML.
Outcome<std::string> call(const Actor& actor, const std::string& action, const Fields& fields) {
    std::string form = "Action=" + action;
    for (const auto& [name, value] : fields) {
        form.append("&").append(name).append("=");
        signature::append_encoded(form, value);
    }
    auto answer = iam::serve(actor.account, actor.caller, Parameters::parse(form), actor.now);
    if (!answer) return std::unexpected(answer.error());
    return answer->value_or("");
}

Outcome<void> done(Outcome<std::string> answer) {
    return answer ? Outcome<void>{} : std::unexpected(answer.error());
}

std::pair<std::string, std::string> owner(const Piece& piece) {
    return {piece.owner_type + "Name", piece.owner};
}

// The text of the first such element.
std::string value_of(std::string_view xml, std::string_view element, std::size_t from = 0) {
    const auto opening = "<" + std::string(element) + ">";
    const auto start = xml.find(opening, from);
    if (start == std::string_view::npos) return {};
    const auto text = xml.substr(start + opening.size());
    return std::string(text.substr(0, text.find('<')));
}

void add_given(Fields& fields, const Piece& piece, std::initializer_list<const char*> names) {
    for (const char* name : names)
        if (const auto* value = piece.content.find(name)) fields.emplace_back(name, value->scalar);
}

// Users, groups and roles

Outcome<void> update_role(const Actor& actor, const Piece& piece, const Piece& before) {
    const auto differs = [&](const char* name) {
        const auto* now = piece.content.find(name);
        const auto* then = before.content.find(name);
        return now == nullptr || then == nullptr ? now != then : !(*now == *then);
    };
    if (differs("AssumeRolePolicyDocument"))
        if (auto updated = done(
                call(actor, "UpdateAssumeRolePolicy",
                     {owner(piece), {"PolicyDocument", text_of(piece.content, "AssumeRolePolicyDocument")}}));
            !updated)
            return updated;
    if (!differs("Description") && !differs("MaxSessionDuration")) return {};
    return done(call(actor, "UpdateRole",
                     {owner(piece),
                      {"Description", text_of(piece.content, "Description")},
                      {"MaxSessionDuration", text_of(piece.content, "MaxSessionDuration", "3600")}}));
}

Outcome<void> put_identity(const Actor& actor, Piece& piece, const Piece* before) {
    if (before != nullptr && piece.owner_type == "Role") return update_role(actor, piece, *before);
    if (before != nullptr)
        return done(call(actor, "Update" + piece.owner_type,
                         {owner(piece), {"NewPath", text_of(piece.content, "Path", "/")}}));
    Fields fields{owner(piece)};
    add_given(fields, piece, {"Path", "AssumeRolePolicyDocument", "Description", "MaxSessionDuration"});
    return done(call(actor, "Create" + piece.owner_type, fields));
}

Outcome<void> take_identity(const Actor& actor, const Piece& piece) {
    return done(call(actor, "Delete" + piece.owner_type, {owner(piece)}));
}

// Attached managed policies, by ARN

Outcome<void> put_attachment(const Actor& actor, Piece& piece, const Piece*) {
    return done(
        call(actor, "Attach" + piece.owner_type + "Policy", {owner(piece), {"PolicyArn", piece.name}}));
}

Outcome<void> take_attachment(const Actor& actor, const Piece& piece) {
    return done(
        call(actor, "Detach" + piece.owner_type + "Policy", {owner(piece), {"PolicyArn", piece.name}}));
}

// Permissions boundaries

Outcome<void> put_boundary(const Actor& actor, Piece& piece, const Piece*) {
    return done(call(actor, "Put" + piece.owner_type + "PermissionsBoundary",
                     {owner(piece), {"PermissionsBoundary", piece.content.scalar}}));
}

Outcome<void> take_boundary(const Actor& actor, const Piece& piece) {
    return done(call(actor, "Delete" + piece.owner_type + "PermissionsBoundary", {owner(piece)}));
}

// Passwords

Outcome<void> put_login_profile(const Actor& actor, Piece& piece, const Piece* before) {
    const auto* user = actor.account.users().find(piece.owner);
    const auto password = stand_in_for(text_of(piece.content, "Password"),
                                       user != nullptr ? std::string_view(user->id) : piece.owner);
    return done(call(actor, before == nullptr ? "CreateLoginProfile" : "UpdateLoginProfile",
                     {owner(piece),
                      {"Password", password},
                      {"PasswordResetRequired", text_of(piece.content, "PasswordResetRequired", "false")}}));
}

Outcome<void> take_login_profile(const Actor& actor, const Piece& piece) {
    return done(call(actor, "DeleteLoginProfile", {owner(piece)}));
}

// Tags, by key

Outcome<void> put_tag(const Actor& actor, Piece& piece, const Piece*) {
    return done(call(
        actor, "Tag" + piece.owner_type,
        {owner(piece), {"Tags.member.1.Key", piece.name}, {"Tags.member.1.Value", piece.content.scalar}}));
}

Outcome<void> take_tag(const Actor& actor, const Piece& piece) {
    return done(call(actor, "Untag" + piece.owner_type, {owner(piece), {"TagKeys.member.1", piece.name}}));
}

// Members of groups: the owner is the user, the name the group's

Outcome<void> put_membership(const Actor& actor, Piece& piece, const Piece*) {
    return done(call(actor, "AddUserToGroup", {owner(piece), {"GroupName", piece.name}}));
}

Outcome<void> take_membership(const Actor& actor, const Piece& piece) {
    return done(call(actor, "RemoveUserFromGroup", {owner(piece), {"GroupName", piece.name}}));
}

// Managed policies, by ARN: an update is a new version, and the oldest makes room for it

// Those that are not in force, the oldest last.
Outcome<std::vector<std::string>> spare_versions(const Actor& actor, const std::string& arn) {
    auto listed = call(actor, "ListPolicyVersions", {{"PolicyArn", arn}});
    if (!listed) return std::unexpected(listed.error());
    std::vector<std::string> spare;
    for (auto at = listed->find("<member>"); at != std::string::npos; at = listed->find("<member>", at + 1))
        if (value_of(*listed, "IsDefaultVersion", at) == "false")
            spare.push_back(value_of(*listed, "VersionId", at));
    return spare;
}

Outcome<void> put_managed_policy(const Actor& actor, Piece& piece, const Piece* before) {
    const auto document = text_of(piece.content, "PolicyDocument");
    if (before == nullptr) {
        Fields fields{{"PolicyName", text_of(piece.content, "PolicyName")}};
        add_given(fields, piece, {"Path", "Description", "PolicyDocument"});
        return done(call(actor, "CreatePolicy", fields));
    }
    auto spare = spare_versions(actor, piece.name);
    if (!spare) return std::unexpected(spare.error());
    if (spare->size() >= 4)
        if (auto deleted = done(call(actor, "DeletePolicyVersion",
                                     {{"PolicyArn", piece.name}, {"VersionId", spare->back()}}));
            !deleted)
            return deleted;
    return done(call(actor, "CreatePolicyVersion",
                     {{"PolicyArn", piece.name}, {"PolicyDocument", document}, {"SetAsDefault", "true"}}));
}

Outcome<void> take_managed_policy(const Actor& actor, const Piece& piece) {
    auto spare = spare_versions(actor, piece.name);
    if (!spare) return std::unexpected(spare.error());
    for (const auto& version : *spare)
        if (auto deleted =
                done(call(actor, "DeletePolicyVersion", {{"PolicyArn", piece.name}, {"VersionId", version}}));
            !deleted)
            return deleted;
    return done(call(actor, "DeletePolicy", {{"PolicyArn", piece.name}}));
}

// Inline policies

Outcome<void> put_inline_policy(const Actor& actor, Piece& piece, const Piece*) {
    return done(call(actor, "Put" + piece.owner_type + "Policy",
                     {owner(piece), {"PolicyName", piece.name}, {"PolicyDocument", piece.content.scalar}}));
}

Outcome<void> take_inline_policy(const Actor& actor, const Piece& piece) {
    return done(
        call(actor, "Delete" + piece.owner_type + "Policy", {owner(piece), {"PolicyName", piece.name}}));
}

// Access keys

Outcome<void> put_access_key(const Actor& actor, Piece& piece, const Piece* before) {
    if (before == nullptr) {
        auto answer = call(actor, "CreateAccessKey", {owner(piece)});
        if (!answer) return std::unexpected(answer.error());
        piece.name = value_of(*answer, "AccessKeyId");
        if (piece.content.scalar == "Active") return {};
    }
    return done(call(actor, "UpdateAccessKey",
                     {owner(piece), {"AccessKeyId", piece.name}, {"Status", piece.content.scalar}}));
}

Outcome<void> take_access_key(const Actor& actor, const Piece& piece) {
    return done(call(actor, "DeleteAccessKey", {owner(piece), {"AccessKeyId", piece.name}}));
}

}  // namespace

const PieceKind identity_kind{"identity", iam_service, put_identity, take_identity, true};
const PieceKind inline_policy_kind{"inline policy", iam_service, put_inline_policy, take_inline_policy, true};
const PieceKind access_key_kind{"access key", iam_service, put_access_key, take_access_key, true};
const PieceKind attachment_kind{"attached policy", iam_service, put_attachment, take_attachment, true};
const PieceKind boundary_kind{"boundary", iam_service, put_boundary, take_boundary, true};
const PieceKind login_profile_kind{"login profile", iam_service, put_login_profile, take_login_profile, true};
const PieceKind tag_kind{"tag", iam_service, put_tag, take_tag, true};
const PieceKind membership_kind{"membership", iam_service, put_membership, take_membership, true};
const PieceKind managed_policy_kind{"managed policy", iam_service, put_managed_policy, take_managed_policy,
                                    true};

Piece inline_policy(std::string_view owner_type, const std::string& owner, std::string name,
                    const Value& document) {
    return {&inline_policy_kind, std::string(owner_type), owner, std::move(name),
            Value::text(to_json(document))};
}

void add_attachments(Holding& holding, std::string_view owner_type, const std::string& owner,
                     const Value& properties, std::string_view property) {
    for (auto& arn : texts_of(properties, property))
        holding.push_back({&attachment_kind, std::string(owner_type), owner, std::move(arn), {}});
}

Piece membership(const std::string& user, const std::string& group) {
    return {&membership_kind, "User", user, group, {}};
}

Holding identity_holding(std::string_view type, const std::string& name, const Value& properties) {
    Holding holding;
    auto& identity = holding.emplace_back(Piece{&identity_kind, std::string(type), name, {}, {}});
    identity.content = Value::of(Value::Kind::object);
    for (const char* member : {"Path", "AssumeRolePolicyDocument", "Description", "MaxSessionDuration"})
        if (const auto* value = properties.find(member))
            identity.content.members.push_back(
                {member, Value::text(value->is_object() ? to_json(*value) : value->scalar)});
    if (const auto* boundary = properties.find("PermissionsBoundary"))
        holding.push_back({&boundary_kind, std::string(type), name, {}, Value::text(boundary->scalar)});
    if (const auto* profile = properties.find("LoginProfile"))
        holding.push_back({&login_profile_kind, std::string(type), name, {}, *profile});
    if (const auto* tags = properties.find("Tags"))
        for (const auto& tag : tags->items)
            holding.push_back({&tag_kind, std::string(type), name, text_of(tag, "Key"),
                               Value::text(text_of(tag, "Value"))});
    if (const auto* policies = properties.find("Policies"))
        for (const auto& policy : policies->items)
            holding.push_back(
                inline_policy(type, name, text_of(policy, "PolicyName"), *policy.find("PolicyDocument")));
    add_attachments(holding, type, name, properties, "ManagedPolicyArns");
    for (const auto& group : texts_of(properties, "Groups")) holding.push_back(membership(name, group));
    return holding;
}

std::string identity_arn(const AccountId& account, const Holding& held) {
    const auto& identity = held.front();
    std::string type = identity.owner_type;
    for (char& c : type) c = c >= 'A' && c <= 'Z' ? char(c - 'A' + 'a') : c;
    return fmt::format("arn:aws:iam::{}:{}{}{}", account, type, text_of(identity.content, "Path", "/"),
                       identity.owner);
}

}  // namespace keytide::lab::cloudformation
