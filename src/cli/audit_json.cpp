#include "cli/audit_json.hpp"

#include <boost/json.hpp>

namespace keytide::cli {

namespace json = boost::json;
using namespace compliance;

namespace {

json::object to_object(const Key& key) {
    json::object o{{"status", to_text(key.status)}};
    if (key.id) o["id"] = key.id->text();
    if (key.created) o["created"] = to_rfc3339(*key.created);
    if (key.use.known) {
        o["used"] = key.use.at.has_value();
        if (key.use.at) o["last_used"] = to_rfc3339(*key.use.at);
        if (!key.use.service.empty()) o["last_used_service"] = key.use.service;
    }
    return o;
}

json::object to_object(const Finding& finding) {
    json::object o{{"standard", finding.control.standard},
                   {"control", finding.control.id},
                   {"verdict", to_text(finding.verdict)},
                   {"severity", to_text(finding.control.severity)},
                   {"arn", finding.arn},
                   {"message", finding.message}};
    if (!finding.user.empty()) o["user"] = finding.user;
    if (finding.key) o["key"] = to_object(*finding.key);
    if (!finding.hint.empty()) o["hint"] = finding.hint;
    return o;
}

json::object to_object(const Tally& tally) {
    return {{"standard", tally.control.standard},
            {"control", tally.control.id},
            {"title", tally.control.title},
            {"severity", to_text(tally.control.severity)},
            {"looked_at", tally.looked_at},
            {"failed", tally.failed},
            {"unknown", tally.unknown}};
}

}  // namespace

json::object to_object(const Audited& audited) {
    const auto& survey = audited.survey;
    const auto& assessment = audited.assessment;
    json::array controls, findings;
    for (const auto& tally : assessment.tallies) controls.push_back(to_object(tally));
    for (const auto& finding : assessment.findings) findings.push_back(to_object(finding));
    json::object o{{"account", survey.account.id},
                   {"at", to_rfc3339(assessment.at)},
                   {"passed", assessment.passed()},
                   {"users", survey.account.users.size()},
                   {"controls", std::move(controls)},
                   {"findings", std::move(findings)},
                   {"not_seen", json::array(survey.unseen.begin(), survey.unseen.end())}};
    if (survey.report_of) o["credential_report"] = to_rfc3339(*survey.report_of);
    return o;
}

}  // namespace keytide::cli
