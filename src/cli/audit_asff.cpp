// Findings as Security Hub takes them with BatchImportFindings, a hundred a call.
// https://docs.aws.amazon.com/securityhub/latest/userguide/securityhub-findings-format.html
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <boost/json.hpp>

#include "cli/audited.hpp"
#include "cli/json_text.hpp"

namespace keytide::cli {

namespace json = boost::json;
using namespace compliance;

namespace {

// By the model: 256, 1024 and 512 characters.
std::string cut(std::string text, std::size_t most) {
    if (text.size() > most) text.resize(most - 3), text += "...";
    return text;
}

std::string_view severity_of(const Finding& finding) {
    const bool passing = finding.verdict == Verdict::rotating || finding.verdict == Verdict::advice;
    return passing ? "INFORMATIONAL" : to_text(finding.control.severity);
}

// Since when it is so. It stays the same from one audit to the next, where we can tell.
Instant begun(const Finding& finding, Instant at) {
    const bool aged = finding.control.rule == Rule::key_age && finding.key && finding.key->created;
    return aged ? *finding.key->created + finding.control.limit : at;
}

class Asff {
public:
    Asff(const Audited& audited) : audited_(audited), account_(audited.survey.account) {}

    json::object of(const Finding& finding) const {
        const auto& control = finding.control;
        json::object o;
        o["SchemaVersion"] = "2018-10-08";
        o["Id"] = id_of(finding);
        o["ProductArn"] = fmt::format("arn:{0}:securityhub:{1}:{2}:product/{2}/default", account_.partition,
                                      audited_.region, account_.id);
        o["ProductName"] = "Keytide";
        o["GeneratorId"] = fmt::format("keytide/{}/{}", control.standard, control.id);
        o["AwsAccountId"] = account_.id;
        o["CreatedAt"] = to_rfc3339(begun(finding, audited_.assessment.at), true);
        o["UpdatedAt"] = to_rfc3339(audited_.assessment.at, true);
        o["Title"] = cut(fmt::format("{} {}", control.id, control.title), 256);
        o["Description"] =
            cut(fmt::format("{}: {}", finding.user.empty() ? "root" : finding.user, finding.message), 1024);
        if (!finding.hint.empty())
            o["Remediation"] =
                json::object{{"Recommendation", json::object{{"Text", cut(finding.hint, 512)}}}};
        o["FindingProviderFields"] = json::object{
            {"Severity", json::object{{"Label", severity_of(finding)}}},
            {"Types", json::array{"Software and Configuration Checks/Industry and Regulatory Standards/" +
                                  std::string(control.standard == "keytide" ? "Keytide"
                                              : control.standard == "security-hub"
                                                  ? "AWS-Foundational-Security-Best-Practices"
                                                  : "CIS-AWS-Foundations-Benchmark")}}};
        o["Resources"] = resources_of(finding);
        if (const auto status = compliance_of(finding.verdict); !status.empty())
            o["Compliance"] = json::object{{"Status", status}};
        o["RecordState"] = "ACTIVE";
        return o;
    }

private:
    static std::string_view compliance_of(Verdict verdict) {
        switch (verdict) {
            case Verdict::failed: return "FAILED";
            case Verdict::unknown: return "NOT_AVAILABLE";
            case Verdict::rotating: return "PASSED";
            case Verdict::advice: return "";
        }
        return "";
    }

    std::string id_of(const Finding& finding) const {
        auto id = fmt::format("keytide/{}/{}/{}/{}", account_.id, finding.control.standard,
                              finding.control.id, finding.user.empty() ? "<root>" : finding.user);
        if (finding.key)
            id += '/' + (finding.key->id        ? finding.key->id->text()
                         : finding.key->created ? to_rfc3339(*finding.key->created)
                                                : "key");
        return id;
    }

    json::object resource(std::string_view type, std::string_view id) const {
        return {{"Type", type}, {"Id", id}, {"Partition", account_.partition}, {"Region", audited_.region}};
    }

    json::array resources_of(const Finding& finding) const {
        if (finding.user.empty()) return {resource("AwsAccount", "AWS::::Account:" + account_.id)};
        json::array all;
        if (finding.key && finding.key->id) {
            json::object details{{"AccessKeyId", finding.key->id->text()},
                                 {"AccountId", account_.id},
                                 {"PrincipalType", "IAMUser"},
                                 {"PrincipalName", finding.user},
                                 {"Status", to_text(finding.key->status)}};
            if (finding.key->created) details["CreatedAt"] = to_rfc3339(*finding.key->created, true);
            auto key = resource("AwsIamAccessKey", finding.key->id->text());
            key["Details"] = json::object{{"AwsIamAccessKey", std::move(details)}};
            all.push_back(std::move(key));
        }
        auto user = resource("AwsIamUser", finding.arn);
        user["Details"] = json::object{{"AwsIamUser", json::object{{"UserName", finding.user}}}};
        all.push_back(std::move(user));
        return all;
    }

    const Audited& audited_;
    const Account& account_;
};

}  // namespace

std::vector<std::string> asff_of(const Audited& audited) {
    const Asff asff(audited);
    std::vector<std::string> all;
    for (const auto& finding : audited.assessment.findings)
        all.push_back(without_controls(json::serialize(asff.of(finding))));
    return all;
}

std::string in_asff(const Audited& audited) {
    return fmt::format("[{}]", fmt::join(asff_of(audited), ",\n"));
}

}  // namespace keytide::cli
