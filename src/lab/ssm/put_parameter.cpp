#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>

#include "lab/cloudformation/allowed_pattern.hpp"
#include "lab/ssm/parameters.hpp"
#include "lab/ssm/tagging.hpp"

namespace keytide::lab::ssm {
namespace {

constexpr std::size_t standard_size = 4096, advanced_size = 8192;  // characters of a value

std::unexpected<ServiceError> invalid(std::string message) {
    return refuse("ValidationException", std::move(message), 400);
}

// Advanced once is advanced for ever; Intelligent-Tiering chooses by size.
Outcome<std::string> tier_of(const std::optional<std::string>& wanted, const StoredParameter* before,
                             std::size_t size) {
    const bool was_advanced = before != nullptr && before->latest().tier == "Advanced";
    if (wanted == "Standard" && was_advanced)
        return invalid(
            "This parameter uses the advanced-parameter tier. You can't downgrade a parameter from the "
            "advanced-parameter tier to the standard-parameter tier. If necessary, you can delete the "
            "advanced "
            "parameter and recreate it as a standard parameter.");
    const bool advanced =
        was_advanced || wanted == "Advanced" || (wanted == "Intelligent-Tiering" && size > standard_size);
    if (!advanced && size > standard_size)
        return invalid(
            "Standard tier parameters support a maximum parameter value of 4096 characters. To create a "
            "larger "
            "parameter value, upgrade the parameter to use the advanced-parameter tier. For more "
            "information, "
            "see https://docs.aws.amazon.com/systems-manager/latest/userguide/"
            "parameter-store-advanced-parameters.html");
    if (size > advanced_size)
        return invalid("Advanced tier parameters support a maximum parameter value of 8192 characters.");
    return advanced ? "Advanced" : "Standard";
}

Outcome<void> check_pattern(const std::string& pattern, const std::string& value) {
    if (pattern.empty()) return {};
    const auto matches = cloudformation::matches_pattern(pattern, value);
    if (!matches)
        return refuse("InvalidAllowedPatternException",
                      "The request does not meet the regular expression requirement.", 400);
    if (*matches) return {};
    return refuse("ParameterPatternMismatchException",
                  fmt::format("Parameter value, cannot be validated against allowedPattern: {}", pattern),
                  400);
}

}  // namespace

// https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html
JsonResult put_parameter(const Call& call) {
    auto& input = call.input;
    const auto tags = input.tags("Tags");
    const bool overwrite = input.flag("Overwrite");
    const auto given = input.peek("Name");
    auto target = gate::with_request_tags(call.target(given), tags);
    target.keys.push_back({"ssm:overwrite", {overwrite ? "true" : "false"}});
    if (auto allowed = call.authorise("ssm:PutParameter", target); !allowed)
        return std::unexpected(allowed.error());
    if (!tags.empty())
        if (auto allowed = call.authorise("ssm:AddTagsToResource", target); !allowed)
            return std::unexpected(allowed.error());

    const auto name = input.required("Name", {1, 2048});
    const auto value = input.required("Value", {1});
    const auto type = input.one_of("Type", {"String", "StringList", "SecureString"});
    const auto tier = input.one_of("Tier", {"Standard", "Advanced", "Intelligent-Tiering"});
    const auto key = input.text("KeyId", {1, 256});
    const auto description = input.text("Description", {0, 1024});
    const auto pattern = input.text("AllowedPattern", {0, 1024});
    const auto data_type = input.one_of("DataType", {"text"});
    if (auto valid = input.end(); !valid) return std::unexpected(valid.error());
    if (auto valid = check_name(name, call.store().arn_of(name).size()); !valid)
        return std::unexpected(valid.error());
    if (overwrite && !tags.empty())
        return invalid(
            "Invalid request: tags and overwrite can't be used together. To create a parameter with tags, "
            "please remove overwrite flag. To update tags for an existing parameter, please use "
            "AddTagsToResource or RemoveTagsFromResource.");

    const auto* before = call.store().find(name);
    if (before != nullptr && !overwrite)
        return refuse(
            "ParameterAlreadyExists",
            "The parameter already exists. To overwrite this value, set the overwrite option in the "
            "request to true.",
            400);
    if (before == nullptr && !type)
        return invalid("A parameter type is required when you create a parameter.");
    if (before != nullptr && type && *type != before->latest().type)
        return refuse(
            "HierarchyTypeMismatchException",
            "Parameter Store does not support changing a parameter type in a hierarchy. For example, "
            "you can't change a parameter from a String type to a SecureString type. You must create "
            "a new, unique parameter.",
            400);
    ParameterVersion version = before != nullptr ? before->latest() : ParameterVersion{};
    version.labels.clear();
    version.type = type.value_or(version.type);
    version.value = value;
    if (key && version.type != "SecureString")
        return invalid("KeyId is allowed for SecureString parameters only.");
    if (version.type == "SecureString") {
        version.key_id = key.value_or("alias/aws/ssm");
        version.sealed = "AQICAH" + draw_letters(call.account.randomness(), 90);
    }
    if (description) version.description = *description;
    if (pattern) version.allowed_pattern = *pattern;
    if (auto fits = check_pattern(version.allowed_pattern, value); !fits)
        return std::unexpected(fits.error());
    auto used_tier = tier_of(tier, before, value.size());
    if (!used_tier) return std::unexpected(used_tier.error());
    version.tier = *used_tier;
    version.data_type = data_type.value_or("text");
    version.modified = call.now;
    version.modified_by = call.caller.arn;

    auto put = call.store().put(name, std::move(version));
    if (!put) return std::unexpected(put.error());
    for (const auto& tag : tags) (*put)->tags.insert_or_assign(tag.key, tag.value);
    return json_text({{"Version", (*put)->latest().number}, {"Tier", (*put)->latest().tier}});
}

JsonResult delete_parameter(const Call& call) {
    auto parameter = call.named("ssm:DeleteParameter");
    if (!parameter) return std::unexpected(parameter.error());
    call.store().erase(**parameter);
    return json_text({});
}

JsonResult delete_parameters(const Call& call) {
    const auto names = call.input.texts("Names", {1, 10});
    for (const auto& name : names)
        if (auto allowed = call.authorise("ssm:DeleteParameters", call.target(name)); !allowed)
            return std::unexpected(allowed.error());
    call.input.must_be_there("Names");
    if (auto valid = call.input.end(); !valid) return std::unexpected(valid.error());
    boost::json::array deleted, invalid_names;
    for (const auto& name : names) {
        const auto* parameter = call.store().find(name);
        (parameter != nullptr ? deleted : invalid_names).emplace_back(name);
        if (parameter != nullptr) call.store().erase(*parameter);
    }
    return json_text({{"DeletedParameters", deleted}, {"InvalidParameters", invalid_names}});
}

}  // namespace keytide::lab::ssm
