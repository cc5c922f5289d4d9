#include "lab/secretsmanager/values.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>

#include "lab/json_paging.hpp"

namespace keytide::lab::secretsmanager {
namespace {

namespace json = boost::json;

constexpr std::size_t longest_value = 65536;  // bytes

// How many bytes; nothing: it is no base64.
std::optional<std::size_t> base64_size(std::string_view text) {
    if (text.size() % 4 != 0) return std::nullopt;
    const auto padding = text.ends_with("==") ? 2U : text.ends_with("=") ? 1U : 0U;
    const bool good = std::all_of(text.begin(), text.end() - padding, [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '+' ||
               c == '/';
    });
    return good ? std::optional(text.size() / 4 * 3 - padding) : std::nullopt;
}

json::array stages_of(const SecretVersion& version) {
    return json::array(version.stages.begin(), version.stages.end());
}

std::unexpected<ServiceError> no_value(std::string_view what, std::string_view which) {
    return refuse(
        "ResourceNotFoundException",
        fmt::format("Secrets Manager can't find the specified secret value for {}: {}", what, which), 400);
}

// AWS shows the day of the last reading only.
Instant day_of(Instant t) {
    return std::chrono::floor<std::chrono::days>(t);
}

}  // namespace

Outcome<SecretValue> value_in(JsonInput& input) {
    SecretValue value{input.text("SecretString", {0, longest_value}), input.text("SecretBinary")};
    if (value.text && value.text->empty()) value.text.reset();  // as AWS takes it
    if (value.text && value.binary)
        return refuse("InvalidParameterException",
                      "You can't specify both a binary secret value and a string secret value in the same "
                      "secret.",
                      400);
    const auto size = value.binary ? base64_size(*value.binary) : std::optional<std::size_t>(1);
    if (!size) return refuse("SerializationException", "SecretBinary is not in base64", 400);
    if (*size < 1 || *size > longest_value || (value.text && value.text->size() > longest_value))
        return refuse("ValidationException",
                      fmt::format("1 validation error detected: Value at 'secret{}' failed to satisfy "
                                  "constraint: Member must have length less than or equal to {}",
                                  value.text ? "String" : "Binary", longest_value),
                      400);
    return value;
}

bool is_there(const SecretValue& value) {
    return value.text || value.binary;
}

Outcome<std::string> token_in(JsonInput& input) {
    auto token = input.text("ClientRequestToken", {32, 64});
    if (token) return std::move(*token);
    return refuse("InvalidRequestException",
                  "You must provide a ClientRequestToken value. We recommend a UUID-type value.", 400);
}

// https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html
JsonResult get_secret_value(const Call& call) {
    auto id = call.input.text("VersionId", {32, 64});
    auto stage = call.input.text("VersionStage", {1, 256});
    auto target = call.target();
    if (id) target.keys.push_back({"secretsmanager:versionid", {*id}});
    if (stage || !id) target.keys.push_back({"secretsmanager:versionstage", {stage.value_or("AWSCURRENT")}});
    auto secret = call.usable_secret("secretsmanager:GetSecretValue", target);
    if (!secret) return std::unexpected(secret.error());

    auto* version = id ? (*secret)->version(*id) : (*secret)->version_at(stage.value_or("AWSCURRENT"));
    if (version == nullptr)
        return id ? no_value("VersionId", *id) : no_value("staging label", stage.value_or("AWSCURRENT"));
    if (id && stage && !version->stages.contains(*stage))
        return refuse("InvalidRequestException",
                      "You provided a VersionStage that is not associated to the provided VersionId.", 400);
    version->last_read = (*secret)->last_read = day_of(call.now);
    auto answer = named(**secret);
    answer["VersionId"] = version->id;
    if (version->value.text) answer["SecretString"] = *version->value.text;
    if (version->value.binary) answer["SecretBinary"] = *version->value.binary;
    answer["VersionStages"] = stages_of(*version);
    answer["CreatedDate"] = json_time(version->created);
    return json_text(answer);
}

// https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_PutSecretValue.html
JsonResult put_secret_value(const Call& call) {
    const auto stages =
        call.input.texts("VersionStages", {call.input.has("VersionStages") ? 1U : 0U, 20}, {1, 256});
    auto token = token_in(call.input);
    auto value = value_in(call.input);
    auto secret = call.usable_secret("secretsmanager:PutSecretValue", call.target());
    if (!secret) return std::unexpected(secret.error());
    if (!token) return std::unexpected(token.error());
    if (!value) return std::unexpected(value.error());
    if (!is_there(*value))
        return refuse("InvalidRequestException", "You must provide either SecretString or SecretBinary.",
                      400);
    auto version = put_version(**secret, *token, std::move(*value), {stages.begin(), stages.end()}, call.now);
    if (!version) return std::unexpected(version.error());
    auto answer = named(**secret);
    answer["VersionId"] = (*version)->id;
    answer["VersionStages"] = stages_of(**version);
    return json_text(answer);
}

// https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_UpdateSecretVersionStage.html
JsonResult update_secret_version_stage(const Call& call) {
    const auto stage = call.input.required("VersionStage", {1, 256});
    const auto from = call.input.text("RemoveFromVersionId", {32, 64});
    const auto to = call.input.text("MoveToVersionId", {32, 64});
    auto target = call.target();
    target.keys.push_back({"secretsmanager:versionstage", {stage}});
    auto secret = call.usable_secret("secretsmanager:UpdateSecretVersionStage", target);
    if (!secret) return std::unexpected(secret.error());
    if (auto moved = move_stage(**secret, stage, from.value_or(""), to.value_or(""), call.now); !moved)
        return std::unexpected(moved.error());
    return json_text(named(**secret));
}

// https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_ListSecretVersionIds.html
JsonResult list_secret_version_ids(const Call& call) {
    const auto most = call.input.number("MaxResults", 1, 100);
    const auto token = call.input.text("NextToken", {1, 4096});
    const bool with_deprecated = call.input.flag("IncludeDeprecated");
    if (auto allowed = call.authorise("secretsmanager:ListSecretVersionIds", call.target()); !allowed)
        return std::unexpected(allowed.error());
    const auto id = call.input.required("SecretId", {1, 2048});
    if (auto valid = call.input.end(); !valid) return std::unexpected(valid.error());
    auto secret = call.secrets().named(id, call.now);
    if (!secret) return std::unexpected(secret.error());

    std::vector<const SecretVersion*> versions;
    for (const auto& version : (*secret)->versions)
        if (with_deprecated || !version.stages.empty()) versions.push_back(&version);
    const auto page = page_of(versions, std::size_t(most.value_or(100)), token);
    if (!page) return refuse("InvalidNextTokenException", "The NextToken value is invalid.", 400);
    json::array list;
    for (const auto* version : page->items) {
        json::object one{{"VersionId", version->id}, {"CreatedDate", json_time(version->created)}};
        if (!version->stages.empty()) one["VersionStages"] = stages_of(*version);
        if (version->last_read) one["LastAccessedDate"] = json_time(*version->last_read);
        one["KmsKeyIds"] = json::array{"DefaultEncryptionKey"};
        if (!(*secret)->kms_key_id.empty()) one["KmsKeyIds"] = json::array{(*secret)->kms_key_id};
        list.push_back(std::move(one));
    }
    auto answer = named(**secret);
    answer["Versions"] = std::move(list);
    if (page->next) answer["NextToken"] = *page->next;
    return json_text(answer);
}

}  // namespace keytide::lab::secretsmanager
