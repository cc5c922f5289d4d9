#include "aws/account_reader.hpp"

#include <openssl/evp.h>

#include <pugixml.hpp>
#include <utility>

#include "aws/authorization_details.hpp"
#include "aws/signed_call.hpp"
#include "signature/percent_encoding.hpp"
#include "vocabulary/printable.hpp"

namespace keytide::aws {
namespace {

using ports::Answer;
using ports::UserPage;

constexpr std::string_view version = "2010-05-08";
constexpr std::string_view most_items = "1000";  // a page's, by the model; AWS may give fewer

std::string_view text_of(pugi::xml_node parent, const char* name) {
    return parent.child(name).text().get();
}

template <class T>
Answer<T> unreadable(std::string_view what, std::optional<Instant> server_time) {
    return {ports::Indeterminate{"the answer holds no " + std::string(what)}, server_time};
}

// Base64 with its padding, without line ends.
std::optional<std::string> decoded(std::string_view base64) {
    if (base64.empty() || base64.size() % 4 != 0) return std::nullopt;
    std::string bytes(base64.size() / 4 * 3, '\0');
    const int size =
        EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                        reinterpret_cast<const unsigned char*>(base64.data()), int(base64.size()));
    if (size < 0) return std::nullopt;
    const auto padding = base64.ends_with("==") ? 2u : base64.ends_with('=') ? 1u : 0u;
    bytes.resize(std::size_t(size) - padding);
    return bytes;
}

bool read_users(pugi::xml_node members, std::vector<ports::ListedUser>& into) {
    if (!members) return false;
    for (const auto member : members.children("member")) {
        ports::ListedUser user{.name = printable(text_of(member, "UserName")),
                               .arn = printable(text_of(member, "Arn")),
                               .created = parse_rfc3339(text_of(member, "CreateDate")),
                               .password_last_used = parse_rfc3339(text_of(member, "PasswordLastUsed"))};
        for (const auto tag : member.child("Tags").children("member"))
            user.tags[printable(text_of(tag, "Key"))] = printable(text_of(tag, "Value"));
        if (user.name.empty() || user.arn.empty()) return false;
        into.push_back(std::move(user));
    }
    return true;
}

// A list that may be longer is never taken for the whole one.
bool tells_its_end(pugi::xml_node answer) {
    return (text_of(answer, "IsTruncated") == "true") != text_of(answer, "Marker").empty();
}

// A page, with the marker of the next one.
Answer<UserPage> page_of(std::expected<Success, Failure> answered, const char* result, const char* list) {
    if (!answered) return to_answer<UserPage>(std::move(answered.error()));
    const auto answer = answered->document.root().child(result);
    UserPage page;
    if (!read_users(answer.child(list), page.users))
        return unreadable<UserPage>("list of users", answered->server_time);
    page.marker = text_of(answer, "Marker");
    if (!tells_its_end(answer))
        return unreadable<UserPage>("end of the list of users", answered->server_time);
    return {std::move(page), answered->server_time};
}

std::string with_marker(std::string form, std::string_view marker) {
    if (marker.empty()) return form;
    form += "&Marker=";
    signature::append_encoded(form, marker);
    return form;
}

}  // namespace

AccountReader::AccountReader(http::Http& http, Endpoint iam, ports::Clock& clock, std::string user_agent)
    : http_(http), iam_(std::move(iam)), clock_(clock), user_agent_(std::move(user_agent)) {}

Answer<bool> AccountReader::generate_report(const AccessKey& signer) {
    auto answered = call(http_,
                         signed_form(iam_, form_body("GenerateCredentialReport", version, {}), signer,
                                     clock_.now(), user_agent_),
                         "GenerateCredentialReportResponse");
    if (!answered) return to_answer<bool>(std::move(answered.error()));
    const auto state = text_of(answered->document.root().child("GenerateCredentialReportResult"), "State");
    if (state.empty()) return unreadable<bool>("state of the report", answered->server_time);
    return {state == "COMPLETE", answered->server_time};
}

Answer<ports::CredentialReport> AccountReader::report(const AccessKey& signer) {
    auto answered = call(
        http_,
        signed_form(iam_, form_body("GetCredentialReport", version, {}), signer, clock_.now(), user_agent_),
        "GetCredentialReportResponse");
    if (!answered) return to_answer<ports::CredentialReport>(std::move(answered.error()));
    const auto result = answered->document.root().child("GetCredentialReportResult");
    auto csv = decoded(text_of(result, "Content"));
    if (!csv || text_of(result, "ReportFormat") != "text/csv")
        return unreadable<ports::CredentialReport>("credential report", answered->server_time);
    return {ports::CredentialReport{std::move(*csv), parse_rfc3339(text_of(result, "GeneratedTime"))},
            answered->server_time};
}

Answer<UserPage> AccountReader::users(const AccessKey& signer, std::string_view marker) {
    const auto form = with_marker(form_body("ListUsers", version, {{"MaxItems", most_items}}), marker);
    return page_of(
        call(http_, signed_form(iam_, form, signer, clock_.now(), user_agent_), "ListUsersResponse"),
        "ListUsersResult", "Users");
}

Answer<UserPage> AccountReader::users_with_tags(const AccessKey& signer, std::string_view marker) {
    const auto form = with_marker(form_body("GetAccountAuthorizationDetails", version,
                                            {{"Filter.member.1", "User"}, {"MaxItems", most_items}}),
                                  marker);
    return page_of(call(http_, signed_form(iam_, form, signer, clock_.now(), user_agent_),
                        "GetAccountAuthorizationDetailsResponse"),
                   "GetAccountAuthorizationDetailsResult", "UserDetailList");
}

Answer<bool> AccountReader::root_has_key(const AccessKey& signer) {
    auto answered = call(
        http_,
        signed_form(iam_, form_body("GetAccountSummary", version, {}), signer, clock_.now(), user_agent_),
        "GetAccountSummaryResponse");
    if (!answered) return to_answer<bool>(std::move(answered.error()));
    const auto entries = answered->document.root().child("GetAccountSummaryResult").child("SummaryMap");
    for (const auto entry : entries.children("entry"))
        if (text_of(entry, "key") == "AccountAccessKeysPresent")
            return {text_of(entry, "value") != "0", answered->server_time};
    return unreadable<bool>("number of root's access keys", answered->server_time);
}

Answer<ports::DetailsPage> AccountReader::authorization_details(const AccessKey& signer,
                                                                std::string_view marker) {
    const auto form = with_marker(form_body("GetAccountAuthorizationDetails", version,
                                            {{"Filter.member.1", "User"},
                                             {"Filter.member.2", "Group"},
                                             {"Filter.member.3", "LocalManagedPolicy"},
                                             {"Filter.member.4", "AWSManagedPolicy"},
                                             {"MaxItems", most_items}}),
                                  marker);
    auto answered = call(http_, signed_form(iam_, form, signer, clock_.now(), user_agent_),
                         "GetAccountAuthorizationDetailsResponse");
    if (!answered) return to_answer<ports::DetailsPage>(std::move(answered.error()));
    const auto answer = answered->document.root().child("GetAccountAuthorizationDetailsResult");
    auto details = read_authorization_details(answer);
    if (!details) return unreadable<ports::DetailsPage>("details of the account", answered->server_time);
    ports::DetailsPage page{std::move(*details), std::string(text_of(answer, "Marker"))};
    if (!tells_its_end(answer))
        return unreadable<ports::DetailsPage>("end of the account's details", answered->server_time);
    return {std::move(page), answered->server_time};
}

}  // namespace keytide::aws
