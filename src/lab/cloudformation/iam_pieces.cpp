#include "lab/cloudformation/iam_pieces.hpp"

#include <fmt/format.h>

#include <array>

#include "lab/cloudformation/resource_types.hpp"
#include "lab/iam/iam.hpp"
#include "lab/parameters.hpp"
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

void add_given(Fields& fields, const Piece& piece, std::initializer_list<const char*> names) {
    for (const char* name : names)
        if (const auto* value = piece.content.find(name)) fields.emplace_back(name, value->scalar);
}

// Users and the like

Outcome<void> put_identity(const Actor& actor, Piece& piece, const Piece* before) {
    if (before != nullptr)
        return done(call(actor, "Update" + piece.owner_type,
                         {owner(piece), {"NewPath", text_of(piece.content, "Path", "/")}}));
    Fields fields{owner(piece)};
    add_given(fields, piece, {"Path"});
    return done(call(actor, "Create" + piece.owner_type, fields));
}

Outcome<void> take_identity(const Actor& actor, const Piece& piece) {
    return done(call(actor, "Delete" + piece.owner_type, {owner(piece)}));
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
        constexpr std::string_view element = "<AccessKeyId>";
        const auto start = answer->find(element) + element.size();
        piece.name = answer->substr(start, answer->find('<', start) - start);
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

Piece inline_policy(std::string_view owner_type, const std::string& owner, std::string name,
                    const Value& document) {
    return {&inline_policy_kind, std::string(owner_type), owner, std::move(name),
            Value::text(to_json(document))};
}

Holding identity_holding(std::string_view type, const std::string& name, const Value& properties) {
    Holding holding;
    auto& identity = holding.emplace_back(Piece{&identity_kind, std::string(type), name, {}, {}});
    identity.content = Value::of(Value::Kind::object);
    if (const auto* value = properties.find("Path"))
        identity.content.members.push_back({"Path", Value::text(value->scalar)});
    if (const auto* policies = properties.find("Policies"))
        for (const auto& policy : policies->items)
            holding.push_back(
                inline_policy(type, name, text_of(policy, "PolicyName"), *policy.find("PolicyDocument")));
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
