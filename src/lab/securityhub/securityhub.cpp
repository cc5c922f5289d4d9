#include "lab/securityhub/securityhub.hpp"

#include <fmt/format.h>

#include <array>
#include <boost/json.hpp>
#include <optional>
#include <vector>

#include "lab/gate/authorisation.hpp"
#include "lab/json_paging.hpp"

namespace keytide::lab::securityhub {
namespace {

namespace json = boost::json;

constexpr std::size_t most_of_a_call = 100;
constexpr std::size_t most_kept = 100'000;  // of an account and region

std::unexpected<ServiceError> invalid_input(std::string message) {
    return refuse("InvalidInputException", std::move(message), 400);
}

std::string text_of(const json::object& object, std::string_view name) {
    const auto* found = object.if_contains({name.data(), name.size()});
    return found != nullptr && found->is_string() ? std::string(found->get_string()) : std::string();
}

// Of the Security Finding Format, as its required attributes are documented.
// https://docs.aws.amazon.com/securityhub/latest/userguide/asff-required-attributes.html
std::optional<std::string> what_is_missing(const json::object& finding) {
    constexpr std::array<std::string_view, 9> texts{"SchemaVersion", "Id",        "ProductArn",
                                                    "GeneratorId",   "CreatedAt", "AwsAccountId",
                                                    "UpdatedAt",     "Title",     "Description"};
    for (const auto name : texts)
        if (text_of(finding, name).empty()) return std::string(name);
    const auto* resources = finding.if_contains("Resources");
    if (resources == nullptr || !resources->is_array() || resources->get_array().empty()) return "Resources";
    const auto has_one = [&](const char* name) { return finding.contains(name); };
    if (!has_one("Severity") && !has_one("FindingProviderFields")) return "Severity";
    if (!has_one("Types") && !has_one("FindingProviderFields")) return "Types";
    return std::nullopt;
}

// One's own product, in one's own account and region: others are of partners.
std::optional<std::string> why_not_taken(const json::object& finding, const Caller& caller) {
    if (const auto missing = what_is_missing(finding))
        return fmt::format(
            "Finding does not adhere to Amazon Finding Format. data should have required property '{}'.",
            *missing);
    if (text_of(finding, "SchemaVersion") != "2018-10-08")
        return "Finding does not adhere to Amazon Finding Format. data.SchemaVersion should be 2018-10-08.";
    if (text_of(finding, "AwsAccountId") != caller.account)
        return "The finding is of another account than the caller's.";
    return std::nullopt;
}

Outcome<json::object> read(std::string_view body) {
    boost::system::error_code error;
    auto parsed = json::parse({body.data(), body.size()}, error);
    if (error || !parsed.is_object()) return refuse("SerializationException", "", 400);
    return std::move(parsed.get_object());
}

JsonResult import(const Account& account, FindingsOfRegions& regions, const Caller& caller,
                  const json::object& asked) {
    const auto* list = asked.if_contains("Findings");
    if (list == nullptr || !list->is_array() || list->get_array().empty() ||
        list->get_array().size() > most_of_a_call)
        return invalid_input("Invalid parameter 'Findings'. It must hold between 1 and 100 findings.");
    const auto product =
        fmt::format("arn:aws:securityhub:{0}:{1}:product/{1}/default", caller.region, account.id());
    if (auto allowed =
            gate::authorise_json(account, caller, "securityhub:BatchImportFindings", gate::by_arn(product));
        !allowed)
        return std::unexpected(allowed.error());
    auto& findings = regions[caller.region];
    json::array failed;
    std::int64_t taken = 0;
    for (const auto& each : list->get_array()) {
        static const json::object nothing;
        const auto& finding = each.is_object() ? each.get_object() : nothing;
        const auto id = text_of(finding, "Id");
        auto why = why_not_taken(finding, caller);
        if (!why && text_of(finding, "ProductArn") != product)
            why = "The finding is of another product than the caller's own.";
        if (!why && !findings.by_id.contains(id) && findings.by_id.size() >= most_kept)
            why = "The lab keeps no more findings.";
        if (why) {
            failed.push_back({{"Id", id}, {"ErrorCode", "InvalidInput"}, {"ErrorMessage", *why}});
            continue;
        }
        const auto [place, is_new] = findings.by_id.try_emplace(id, findings.asff.size());
        if (is_new) findings.asff.emplace_back();
        findings.asff[place->second] = json::serialize(finding);
        ++taken;
    }
    const auto refused = std::int64_t(failed.size());
    return json_text(
        {{"FailedCount", refused}, {"SuccessCount", taken}, {"FailedFindings", std::move(failed)}});
}

// All of them, a page at a time: the lab has no filters.
JsonResult get(const Account& account, const FindingsOfRegions& regions, const Caller& caller,
               const json::object& asked) {
    if (auto allowed = gate::authorise_json(account, caller, "securityhub:GetFindings", gate::by_arn("*"));
        !allowed)
        return std::unexpected(allowed.error());
    for (const auto& member : asked)
        if (member.key() != "MaxResults" && member.key() != "NextToken")
            return invalid_input(
                fmt::format("The lab knows no '{}' of GetFindings.", std::string(member.key())));
    std::size_t most = most_of_a_call;
    if (const auto* given = asked.if_contains("MaxResults")) {
        if (!given->is_int64() || given->get_int64() < 1 || given->get_int64() > std::int64_t(most_of_a_call))
            return invalid_input("Invalid parameter 'MaxResults'. It must be between 1 and 100.");
        most = std::size_t(given->get_int64());
    }
    const auto token =
        asked.contains("NextToken") ? std::optional(text_of(asked, "NextToken")) : std::nullopt;
    const auto here = regions.find(caller.region);
    static const std::vector<std::string> none;
    const auto page = page_of(here != regions.end() ? here->second.asff : none, most, token);
    if (!page) return invalid_input("Invalid parameter 'NextToken'.");
    json::array findings;
    for (const auto& finding : page->items) findings.push_back(json::parse(finding));
    json::object answer{{"Findings", std::move(findings)}};
    if (page->next) answer["NextToken"] = *page->next;
    return json_text(answer);
}

}  // namespace

JsonResult serve(const Account& account, FindingsOfRegions& findings, const Caller& caller,
                 std::string_view action, std::string_view body) {
    const bool imports = action == "BatchImportFindings";
    if (!imports && action != "GetFindings") return std::unexpected(unknown_operation());
    const auto asked = read(body);
    if (!asked) return std::unexpected(asked.error());
    return imports ? import(account, findings, caller, *asked) : get(account, findings, caller, *asked);
}

}  // namespace keytide::lab::securityhub
