#include "lab/iam/credential_report.hpp"

#include <fmt/format.h>

#include <unordered_set>

#include "lab/base64.hpp"
#include "lab/state/stored_time.hpp"
#include "lab/xml.hpp"

namespace keytide::lab::iam {
namespace {

constexpr std::string_view header =
    "user,arn,user_creation_time,password_enabled,password_last_used,password_last_changed,"
    "password_next_rotation,mfa_active,access_key_1_active,access_key_1_last_rotated,"
    "access_key_1_last_used_date,access_key_1_last_used_region,access_key_1_last_used_service,"
    "access_key_2_active,access_key_2_last_rotated,access_key_2_last_used_date,access_key_2_last_used_region,"
    "access_key_2_last_used_service,cert_1_active,cert_1_last_rotated,cert_2_active,cert_2_last_rotated";

constexpr std::string_view not_applicable = "N/A";

class Row {
public:
    explicit Row(std::string& out) : out_(out) { out_ += '\n'; }

    // Names may have commas, and nothing else that needs quotes.
    Row& text(std::string_view value) {
        if (!is_first_) out_ += ',';
        is_first_ = false;
        const bool quoted = value.find(',') != std::string_view::npos;
        if (quoted) out_ += '"';
        out_ += value;
        if (quoted) out_ += '"';
        return *this;
    }
    Row& truth(bool value) { return text(value ? "true" : "false"); }
    Row& time(Instant value) {
        auto written = to_rfc3339(value);
        written.replace(written.size() - 1, 1, "+00:00");
        return text(written);
    }

private:
    std::string& out_;
    bool is_first_ = true;
};

void append_key(Row& row, const Account& account, const StoredKey* key, Instant now, Duration delay) {
    row.truth(key != nullptr && key->status == KeyStatus::active);
    if (key == nullptr) {
        for (int column = 0; column < 4; ++column) row.text(not_applicable);
        return;
    }
    row.time(key->created);
    if (const auto use = account.key_use_as_of(*key, delay, now))
        row.time(use->at).text(use->region).text(use->service);
    else
        row.text(not_applicable).text(not_applicable).text(not_applicable);
}

void append_keys(Row& row, const Account& account, std::string_view user_name, Instant now, Duration delay) {
    const auto keys = account.access_keys(user_name).value_or(std::vector<const StoredKey*>{});
    for (std::size_t i = 0; i < access_keys_per_user; ++i)
        append_key(row, account, i < keys.size() ? keys[i] : nullptr, now, delay);
    for (int certificate = 0; certificate < 2; ++certificate) row.truth(false).text(not_applicable);
}

// Nobody signs in to a console here.
void append_password(Row& row, const LoginProfile* login) {
    row.truth(login != nullptr);
    if (login == nullptr)
        row.text(not_applicable).text(not_applicable);
    else
        row.text("no_information").time(login->changed);
    row.text(not_applicable);  // passwords do not expire
}

}  // namespace

std::string credential_report_of(const Account& account, Instant now, Duration delay) {
    std::unordered_set<std::string_view> with_device;
    for (const auto& [serial, device] : account.mfa_devices().by_serial()) with_device.insert(device.owner);
    std::string report(header);
    report.reserve(header.size() + 320 * (account.users().by_name().size() + 1));
    {
        Row row(report);
        row.text("<root_account>").text(fmt::format("arn:aws:iam::{}:root", account.id()));
        row.time(account.created()).text("not_supported").text("no_information");
        row.text("not_supported").text("not_supported").truth(false);
        append_keys(row, account, {}, now, delay);
    }
    for (const auto& [name, user] : account.users().by_name()) {
        Row row(report);
        row.text(name).text(user.arn).time(user.created);
        append_password(row, user.login.get());
        row.truth(with_device.contains(user.id));
        append_keys(row, account, name, now, delay);
    }
    return report;
}

ActionResult generate_credential_report(const Call& call) {
    if (auto allowed = call.authorise("iam:GenerateCredentialReport", gate::by_arn("*")); !allowed)
        return std::unexpected(allowed.error());
    auto& report = call.account.credential_report();
    const auto state = report.state(call.now);
    XmlWriter xml;
    if (state == CredentialReport::State::absent || state == CredentialReport::State::expired) {
        report.start(credential_report_of(call.account, call.now, call.replica.last_used), call.now);
        return xml.leaf("State", "STARTED")
            .leaf("Description", "No report exists. Starting a new report generation task")
            .take();
    }
    report.ask_for();
    return xml.leaf("State", "COMPLETE").take();
}

ActionResult get_credential_report(const Call& call) {
    if (auto allowed = call.authorise("iam:GetCredentialReport", gate::by_arn("*")); !allowed)
        return std::unexpected(allowed.error());
    const auto& report = call.account.credential_report();
    switch (report.state(call.now)) {
        case CredentialReport::State::complete: break;
        case CredentialReport::State::absent:
            return refuse("ReportNotPresent",
                          "The request was rejected because the credential report does not exist. To "
                          "generate a credential report, use GenerateCredentialReport.",
                          410);
        case CredentialReport::State::expired:
            return refuse("ReportExpired",
                          "The request was rejected because the most recent credential report has expired. "
                          "To generate a new credential report, use GenerateCredentialReport.",
                          410);
        case CredentialReport::State::in_progress:
            return refuse("ReportInProgress",
                          "The request was rejected because the credential report is still being generated.",
                          404);
    }
    XmlWriter xml;
    xml.leaf("Content", to_base64(report.text())).leaf("ReportFormat", "text/csv");
    return xml.leaf("GeneratedTime", to_rfc3339(stored_time(report.generated()))).take();
}

}  // namespace keytide::lab::iam
