#include "cli/audited.hpp"

namespace keytide::cli {

using namespace compliance;

namespace {

// What begins like a formula would be one to a spreadsheet, and a user may be named so.
// https://owasp.org/www-community/attacks/CSV_Injection
std::string cell(std::string_view text) {
    std::string plain;
    if (!text.empty() && std::string_view("=+-@\t\r").find(text.front()) != std::string_view::npos)
        plain = "'";
    plain += text;
    if (plain.find_first_of(",\"\r\n") == std::string::npos) return plain;
    std::string quoted = "\"";
    for (const char c : plain) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
    return quoted + '"';
}

std::string time(const std::optional<Instant>& at) {
    return at ? to_rfc3339(*at) : "";
}

}  // namespace

std::string in_csv(const Audited& audited) {
    std::string text =
        "account,standard,control,severity,verdict,user,arn,access_key_id,status,created,last_used,message";
    for (const auto& finding : audited.assessment.findings) {
        const auto& key = finding.key;
        text += '\n' + cell(audited.survey.account.id);
        for (const auto& each :
             {std::string(finding.control.standard), std::string(finding.control.id),
              std::string(to_text(finding.control.severity)), std::string(to_text(finding.verdict)),
              finding.user, finding.arn, key && key->id ? key->id->text() : "",
              key ? std::string(to_text(key->status)) : "", key ? time(key->created) : "",
              key ? time(key->use.at) : "", finding.message})
            text += ',' + cell(each);
    }
    return text;
}

}  // namespace keytide::cli
