#include "aws/iam_client.hpp"

#include <pugixml.hpp>
#include <utility>

#include "aws/signed_call.hpp"
#include "vocabulary/printable.hpp"

namespace keytide::aws {
namespace {

using ports::Answer;
using ports::Done;
using ports::Indeterminate;

constexpr std::string_view iam_version = "2010-05-08";
constexpr std::string_view sts_version = "2011-06-15";

std::string_view text_of(pugi::xml_node parent, const char* name) {
    return parent.child(name).text().get();
}

template <class T>
Answer<T> unreadable(std::string_view what, std::optional<Instant> server_time) {
    return {Indeterminate{"the answer holds no " + std::string(what)}, server_time};
}

// An Expired key signs nothing, as an Inactive one; any other word is not understood.
std::optional<KeyStatus> read_status(std::string_view text) {
    if (text == "Active") return KeyStatus::active;
    if (text == "Inactive" || text == "Expired") return KeyStatus::inactive;
    return std::nullopt;
}

// Names are recorded, compared and shown as they are: one that would not be shown so is nobody's.
bool is_plain(const CallerIdentity& identity) {
    for (const auto* text : {&identity.user_id, &identity.account, &identity.arn})
        if (printable(*text) != *text) return false;
    return true;
}

bool read_keys(pugi::xml_node members, std::vector<KeyMetadata>& into) {
    if (!members) return false;
    for (const auto member : members.children("member")) {
        auto id = AccessKeyId::parse(text_of(member, "AccessKeyId"));
        const auto status = read_status(text_of(member, "Status"));
        if (!id || !status) return false;
        into.push_back({std::move(*id), *status, parse_rfc3339(text_of(member, "CreateDate"))});
    }
    return true;
}

}  // namespace

IamClient::IamClient(http::Http& http, Endpoint iam, Endpoint sts, ports::Clock& clock,
                     std::string user_agent)
    : http_(http),
      iam_(std::move(iam)),
      sts_(std::move(sts)),
      clock_(clock),
      user_agent_(std::move(user_agent)) {}

Answer<std::vector<KeyMetadata>> IamClient::list(const AccessKey& signer, std::string_view user_name) {
    std::vector<KeyMetadata> keys;
    std::string marker;
    constexpr int most_pages = 100;  // a user has two keys; a server that pages for ever is not believed
    std::optional<Instant> server_time;
    for (int page = 0; page < most_pages; ++page) {
        const auto form = marker.empty() ? form_body("ListAccessKeys", iam_version, {{"UserName", user_name}})
                                         : form_body("ListAccessKeys", iam_version,
                                                     {{"UserName", user_name}, {"Marker", marker}});
        auto answered =
            call(http_, signed_form(iam_, form, signer, clock_.now(), user_agent_), "ListAccessKeysResponse");
        if (!answered) return to_answer<std::vector<KeyMetadata>>(std::move(answered.error()));
        server_time = answered->server_time;
        const auto result = answered->document.root().child("ListAccessKeysResult");
        if (!read_keys(result.child("AccessKeyMetadata"), keys))
            return unreadable<std::vector<KeyMetadata>>("list of access keys", server_time);
        const auto truncated = text_of(result, "IsTruncated");
        marker = text_of(result, "Marker");
        if (truncated != "true" && marker.empty()) return {std::move(keys), server_time};
        // A list that may be longer is never taken for the whole one.
        if (truncated != "true" || marker.empty()) break;
    }
    return unreadable<std::vector<KeyMetadata>>("end of the list of access keys", server_time);
}

Answer<ports::CreatedKey> IamClient::create(const AccessKey& signer, std::string_view user_name,
                                            Instant signed_at, std::string_view nonce) {
    auto user_agent = user_agent_;
    if (!nonce.empty()) user_agent.append(" nonce/").append(nonce);
    auto request = signed_form(iam_, form_body("CreateAccessKey", iam_version, {{"UserName", user_name}}),
                               signer, signed_at, user_agent);
    request.changing = true;
    auto answered = call(http_, request, "CreateAccessKeyResponse");
    if (!answered) return to_answer<ports::CreatedKey>(std::move(answered.error()));
    const auto made = answered->document.root().child("CreateAccessKeyResult").child("AccessKey");
    auto id = AccessKeyId::parse(text_of(made, "AccessKeyId"));
    const auto secret = text_of(made, "SecretAccessKey");
    if (!id || secret.empty()) return unreadable<ports::CreatedKey>("access key", answered->server_time);
    return {ports::CreatedKey{{std::move(*id), Secret(secret), Secret()},
                              parse_rfc3339(text_of(made, "CreateDate"))},
            answered->server_time};
}

Answer<Done> IamClient::set_status(const AccessKey& signer, std::string_view user_name, const AccessKeyId& id,
                                   KeyStatus status, Instant signed_at) {
    auto request = signed_form(
        iam_,
        form_body("UpdateAccessKey", iam_version,
                  {{"UserName", user_name}, {"AccessKeyId", id.text()}, {"Status", to_text(status)}}),
        signer, signed_at, user_agent_);
    request.changing = true;
    auto answered = call(http_, request, "UpdateAccessKeyResponse");
    if (!answered) return to_answer<Done>(std::move(answered.error()));
    return {Done{}, answered->server_time};
}

Answer<Done> IamClient::remove(const AccessKey& signer, std::string_view user_name, const AccessKeyId& id,
                               Instant signed_at) {
    auto request = signed_form(
        iam_,
        form_body("DeleteAccessKey", iam_version, {{"UserName", user_name}, {"AccessKeyId", id.text()}}),
        signer, signed_at, user_agent_);
    request.changing = true;
    auto answered = call(http_, request, "DeleteAccessKeyResponse");
    if (!answered) return to_answer<Done>(std::move(answered.error()));
    return {Done{}, answered->server_time};
}

Answer<ports::LastUsed> IamClient::last_used(const AccessKey& signer, const AccessKeyId& id) {
    const auto form = form_body("GetAccessKeyLastUsed", iam_version, {{"AccessKeyId", id.text()}});
    auto answered = call(http_, signed_form(iam_, form, signer, clock_.now(), user_agent_),
                         "GetAccessKeyLastUsedResponse");
    if (!answered) return to_answer<ports::LastUsed>(std::move(answered.error()));
    const auto used =
        answered->document.root().child("GetAccessKeyLastUsedResult").child("AccessKeyLastUsed");
    const auto date = used.child("LastUsedDate");
    const auto at = parse_rfc3339(date.text().get());
    // A date that cannot be read must not pass for "no record".
    if (!used || (date.text() && !at)) return unreadable<ports::LastUsed>("last use", answered->server_time);
    const auto or_nothing = [](std::string_view text) { return std::string(text == "N/A" ? "" : text); };
    const auto owner = text_of(answered->document.root().child("GetAccessKeyLastUsedResult"), "UserName");
    return {ports::LastUsed{at, or_nothing(text_of(used, "ServiceName")), or_nothing(text_of(used, "Region")),
                            printable(owner)},
            answered->server_time};
}

Answer<CallerIdentity> IamClient::caller(const AccessKey& signer) {
    const auto form = form_body("GetCallerIdentity", sts_version, {});
    auto answered =
        call(http_, signed_form(sts_, form, signer, clock_.now(), user_agent_), "GetCallerIdentityResponse");
    if (!answered) return to_answer<CallerIdentity>(std::move(answered.error()));
    const auto result = answered->document.root().child("GetCallerIdentityResult");
    CallerIdentity identity{std::string(text_of(result, "UserId")), std::string(text_of(result, "Account")),
                            std::string(text_of(result, "Arn"))};
    if (identity.user_id.empty() || identity.account.empty() || !Arn::parse(identity.arn) ||
        !is_plain(identity))
        return unreadable<CallerIdentity>("identity", answered->server_time);
    return {std::move(identity), answered->server_time};
}

Answer<CallerIdentity> IamClient::user(const AccessKey& signer, std::string_view user_name) {
    const auto form = form_body("GetUser", iam_version, {{"UserName", user_name}});
    auto answered =
        call(http_, signed_form(iam_, form, signer, clock_.now(), user_agent_), "GetUserResponse");
    if (!answered) return to_answer<CallerIdentity>(std::move(answered.error()));
    const auto found = answered->document.root().child("GetUserResult").child("User");
    const auto arn = Arn::parse(text_of(found, "Arn"));
    const auto user_id = text_of(found, "UserId");
    if (!arn || user_id.empty()) return unreadable<CallerIdentity>("user", answered->server_time);
    CallerIdentity identity{std::string(user_id), arn->account, arn->text()};
    if (!is_plain(identity)) return unreadable<CallerIdentity>("user", answered->server_time);
    return {std::move(identity), answered->server_time};
}

Answer<ports::MintedSession> IamClient::mint(const AccessKey& key, std::string_view serial,
                                             const Secret& code, Duration lifetime) {
    const auto seconds = std::to_string(std::chrono::duration_cast<std::chrono::seconds>(lifetime).count());
    const auto open = form_body("GetSessionToken", sts_version,
                                {{"SerialNumber", serial}, {"DurationSeconds", seconds}, {"TokenCode", ""}});
    WipedString form(open);
    form.append(code.reveal());  // digits: nothing to encode
    auto answered =
        call(http_, signed_form(sts_, form, key, clock_.now(), user_agent_), "GetSessionTokenResponse");
    if (!answered) return to_answer<ports::MintedSession>(std::move(answered.error()));
    const auto made = answered->document.root().child("GetSessionTokenResult").child("Credentials");
    auto id = AccessKeyId::parse(text_of(made, "AccessKeyId"));
    const auto secret = text_of(made, "SecretAccessKey"), token = text_of(made, "SessionToken");
    const auto expires = parse_rfc3339(text_of(made, "Expiration"));
    if (!id || secret.empty() || token.empty() || !expires)
        return unreadable<ports::MintedSession>("session", answered->server_time);
    return {ports::MintedSession{{std::move(*id), Secret(secret), Secret(token)}, *expires},
            answered->server_time};
}

}  // namespace keytide::aws
