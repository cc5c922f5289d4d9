#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <boost/json.hpp>

#include "lab/json_paging.hpp"
#include "lab/ssm/parameters.hpp"

namespace keytide::lab::ssm {
namespace {

namespace json = boost::json;

const std::string& shown(const ParameterVersion& version, bool decrypted) {
    return version.type == "SecureString" && !decrypted ? version.sealed : version.value;
}

json::object read(const Call& call, const StoredParameter& parameter, const ParameterVersion& version,
                  bool decrypted) {
    return {{"Name", parameter.name},
            {"Type", version.type},
            {"Value", shown(version, decrypted)},
            {"Version", version.number},
            {"LastModifiedDate", json_time(version.modified)},
            {"ARN", call.store().arn_of(parameter.name)},
            {"DataType", version.data_type}};
}

// What the history and the list of parameters tell of a version.
json::object described(const StoredParameter& parameter, const ParameterVersion& version) {
    json::object out{{"Name", parameter.name},
                     {"Type", version.type},
                     {"LastModifiedDate", json_time(version.modified)},
                     {"LastModifiedUser", version.modified_by},
                     {"Version", version.number},
                     {"Tier", version.tier},
                     {"Policies", json::array()},
                     {"DataType", version.data_type}};
    if (version.type == "SecureString") out["KeyId"] = version.key_id;
    if (!version.description.empty()) out["Description"] = version.description;
    if (!version.allowed_pattern.empty()) out["AllowedPattern"] = version.allowed_pattern;
    return out;
}

std::unexpected<ServiceError> invalid_token() {
    return refuse("InvalidNextToken", "The specified token isn't valid.", 400);
}

bool is_below(std::string_view name, std::string_view path, bool recursive) {
    std::string folder(path);
    if (!folder.ends_with('/')) folder += '/';
    if (!name.starts_with(folder)) return false;
    return recursive || name.find('/', folder.size()) == std::string_view::npos;
}

// https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_ParameterStringFilter.html
Outcome<void> check_filters(const std::vector<JsonInput::Filter>& filters,
                            std::initializer_list<std::string_view> keys) {
    for (const auto& filter : filters) {
        const auto& option = filter.option.value_or("Equals");
        if (std::ranges::find(keys, filter.key) == keys.end() && !filter.key.starts_with("tag:"))
            return refuse("InvalidFilterKey",
                          fmt::format("The following filter key is not valid: {}. Valid filter keys include: "
                                      "[{}].",
                                      filter.key, fmt::join(keys, ", ")),
                          400);
        const bool known =
            filter.key == "Path"   ? option == "Recursive" || option == "OneLevel" || !filter.option
            : filter.key == "Name" ? option == "Equals" || option == "BeginsWith" || option == "Contains"
                                   : option == "Equals" || option == "BeginsWith";
        if (!known)
            return refuse("InvalidFilterOption",
                          fmt::format("The following filter option is not valid: {}. Valid options include: "
                                      "[BeginsWith, Equals].",
                                      option),
                          400);
        if (filter.values.empty() && !filter.key.starts_with("tag:"))
            return refuse(
                "InvalidFilterValue",
                fmt::format("The following filter values are missing : null for filter key {}.", filter.key),
                400);
    }
    return {};
}

bool matches(const StoredParameter& parameter, const JsonInput::Filter& filter) {
    const auto& latest = parameter.latest();
    if (filter.key == "Path")
        return std::ranges::any_of(filter.values, [&](const auto& path) {
            return is_below(parameter.name, path, filter.option == "Recursive");
        });
    std::string_view held;
    if (filter.key.starts_with("tag:")) {
        const auto tag = parameter.tags.find(filter.key.substr(4));
        if (tag == parameter.tags.end()) return false;
        if (filter.values.empty()) return true;
        held = tag->second;
    } else {
        held = filter.key == "Name"   ? std::string_view(parameter.name)
               : filter.key == "Type" ? std::string_view(latest.type)
               : filter.key == "Tier" ? std::string_view(latest.tier)
                                      : std::string_view(latest.key_id);
    }
    return std::ranges::any_of(filter.values, [&](const auto& wanted) {
        if (filter.option == "BeginsWith") return held.starts_with(wanted);
        if (filter.option == "Contains") return held.find(wanted) != std::string_view::npos;
        return held == wanted;
    });
}

}  // namespace

// https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameter.html
JsonResult get_parameter(const Call& call) {
    const auto selection = selection_in(call.input.peek("Name"));
    if (auto allowed = call.authorise("ssm:GetParameter", call.target(selection.name)); !allowed)
        return std::unexpected(allowed.error());
    call.input.required("Name", {1, 2048});
    const bool decrypted = call.input.flag("WithDecryption");
    if (auto valid = call.input.end(); !valid) return std::unexpected(valid.error());
    auto found = select(call.store(), selection);
    if (!found) return std::unexpected(found.error());
    auto parameter = read(call, *found->parameter, *found->version, decrypted);
    if (!selection.selector.empty()) parameter["Selector"] = ":" + selection.selector;
    return json_text({{"Parameter", std::move(parameter)}});
}

JsonResult get_parameters(const Call& call) {
    const auto names = call.input.texts("Names", {1, 10});
    for (const auto& name : names)
        if (auto allowed = call.authorise("ssm:GetParameters", call.target(selection_in(name).name));
            !allowed)
            return std::unexpected(allowed.error());
    call.input.must_be_there("Names");
    const bool decrypted = call.input.flag("WithDecryption");
    if (auto valid = call.input.end(); !valid) return std::unexpected(valid.error());
    json::array found, invalid;
    for (const auto& name : names) {
        const auto selection = selection_in(name);
        auto one = select(call.store(), selection);
        if (!one) {
            invalid.emplace_back(name);
            continue;
        }
        auto parameter = read(call, *one->parameter, *one->version, decrypted);
        if (!selection.selector.empty()) parameter["Selector"] = ":" + selection.selector;
        found.push_back(std::move(parameter));
    }
    return json_text({{"Parameters", std::move(found)}, {"InvalidParameters", std::move(invalid)}});
}

// https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParametersByPath.html
JsonResult get_parameters_by_path(const Call& call) {
    auto& input = call.input;
    const bool recursive = input.flag("Recursive");
    auto target = gate::by_arn(call.store().arn_of(input.peek("Path")));
    target.keys.push_back({"ssm:recursive", {recursive ? "true" : "false"}});
    if (auto allowed = call.authorise("ssm:GetParametersByPath", target); !allowed)
        return std::unexpected(allowed.error());
    const auto path = input.required("Path", {1, 2048});
    const bool decrypted = input.flag("WithDecryption");
    const auto most = input.number("MaxResults", 1, 10);
    const auto token = input.text("NextToken");
    const auto filters = input.filters("ParameterFilters");
    if (auto valid = input.end(); !valid) return std::unexpected(valid.error());
    if (!path.starts_with('/'))
        return refuse(
            "ValidationException",
            "The parameter doesn't meet the parameter name requirements. The parameter name must "
            "begin with a forward slash \"/\". It can't be prefixed with \"aws\" or \"ssm\" "
            "(case-insensitive). It must use only letters, numbers, or the following symbols: . "
            "(period), - (hyphen), _ (underscore). Special characters are not allowed. All sub-paths, "
            "if specified, must use the forward slash symbol \"/\". Valid example: "
            "/get/parameters2-/by1./path0_.",
            400);
    if (auto valid = check_filters(filters, {"Type", "KeyId"}); !valid) return std::unexpected(valid.error());
    std::vector<const StoredParameter*> found;
    for (const auto* parameter : call.store().all())
        if (is_below(parameter->name, path, recursive) &&
            std::ranges::all_of(filters, [&](const auto& filter) { return matches(*parameter, filter); }))
            found.push_back(parameter);
    const auto page = page_of(found, std::size_t(most.value_or(10)), token);
    if (!page) return invalid_token();
    json::array list;
    for (const auto* one : page->items) list.push_back(read(call, *one, one->latest(), decrypted));
    json::object answer{{"Parameters", std::move(list)}};
    if (page->next) answer["NextToken"] = *page->next;
    return json_text(answer);
}

JsonResult get_parameter_history(const Call& call) {
    const bool decrypted = call.input.flag("WithDecryption");
    const auto most = call.input.number("MaxResults", 1, 50);
    const auto token = call.input.text("NextToken");
    auto parameter = call.named("ssm:GetParameterHistory");
    if (!parameter) return std::unexpected(parameter.error());
    std::vector<const ParameterVersion*> versions;
    for (const auto& version : (*parameter)->versions) versions.push_back(&version);
    const auto page = page_of(versions, std::size_t(most.value_or(50)), token);
    if (!page) return invalid_token();
    json::array list;
    for (const auto* version : page->items) {
        auto one = described(**parameter, *version);
        one["Value"] = shown(*version, decrypted);
        one["Labels"] = json::array(version->labels.begin(), version->labels.end());
        list.push_back(std::move(one));
    }
    json::object answer{{"Parameters", std::move(list)}};
    if (page->next) answer["NextToken"] = *page->next;
    return json_text(answer);
}

// https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_DescribeParameters.html
JsonResult describe_parameters(const Call& call) {
    auto& input = call.input;
    const auto everything = fmt::format("arn:aws:ssm:{}:{}:*", call.caller.region, call.account.id());
    if (auto allowed = call.authorise("ssm:DescribeParameters", gate::by_arn(everything)); !allowed)
        return std::unexpected(allowed.error());
    const auto most = input.number("MaxResults", 1, 50);
    const auto token = input.text("NextToken");
    const auto filters = input.filters("ParameterFilters");
    if (auto valid = input.end(); !valid) return std::unexpected(valid.error());
    if (auto valid = check_filters(filters, {"Path", "Name", "Type", "KeyId", "Tier"}); !valid)
        return std::unexpected(valid.error());
    std::vector<const StoredParameter*> found;
    for (const auto* parameter : call.store().all())
        if (std::ranges::all_of(filters, [&](const auto& filter) { return matches(*parameter, filter); }))
            found.push_back(parameter);
    const auto page = page_of(found, std::size_t(most.value_or(50)), token);
    if (!page) return invalid_token();
    json::array list;
    for (const auto* one : page->items) {
        auto out = described(*one, one->latest());
        out["ARN"] = call.store().arn_of(one->name);
        list.push_back(std::move(out));
    }
    json::object answer{{"Parameters", std::move(list)}};
    if (page->next) answer["NextToken"] = *page->next;
    return json_text(answer);
}

}  // namespace keytide::lab::ssm
