#include "lab/secretsmanager/secrets.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>

#include "lab/json_paging.hpp"
#include "lab/secretsmanager/values.hpp"

namespace keytide::lab::secretsmanager {
namespace {

namespace json = boost::json;

constexpr std::size_t longest_description = 2048, longest_key_id = 2048, most_tags = 50;

Outcome<void> put_tags(StoredSecret& secret, const std::vector<Tag>& tags) {
    auto wanted = secret.tags;
    for (const auto& tag : tags) {
        if (tag.key.starts_with("aws:"))
            return refuse("InvalidParameterException",
                          "Tag keys that begin with aws: are reserved and can't be added or changed.", 400);
        wanted.insert_or_assign(tag.key, tag.value);
    }
    if (wanted.size() > most_tags)
        return refuse("InvalidParameterException",
                      fmt::format("A secret can have at most {} tags.", most_tags), 400);
    secret.tags = std::move(wanted);
    return {};
}

// What DescribeSecret and ListSecrets share; the labels are under two names.
json::object described(const StoredSecret& secret, std::string_view stages_member) {
    auto out = named(secret);
    if (!secret.description.empty()) out["Description"] = secret.description;
    if (!secret.kms_key_id.empty()) out["KmsKeyId"] = secret.kms_key_id;
    out["LastChangedDate"] = json_time(secret.changed);
    if (secret.last_read) out["LastAccessedDate"] = json_time(*secret.last_read);
    if (secret.deleted) out["DeletedDate"] = json_time(*secret.deleted);
    json::array tags;
    for (const auto& [key, value] : secret.tags) tags.push_back({{"Key", key}, {"Value", value}});
    if (!tags.empty()) out["Tags"] = std::move(tags);
    json::object stages;
    for (const auto& version : secret.versions)
        if (!version.stages.empty())
            stages[version.id] = json::array(version.stages.begin(), version.stages.end());
    if (!stages.empty()) out[stages_member] = std::move(stages);
    out["CreatedDate"] = json_time(secret.created);
    return out;
}

// Prefixes, in the letters' case; one with "!" before it is what must not match.
// https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_Filter.html
bool matches(const StoredSecret& secret, const JsonInput::Filter& filter) {
    const auto one = [&](std::string_view wanted) {
        const bool negated = wanted.starts_with('!');
        if (negated) wanted.remove_prefix(1);
        const bool found =
            filter.key == "name" ? secret.name.starts_with(wanted)
            : filter.key == "tag-key"
                ? std::ranges::any_of(secret.tags, [&](const auto& t) { return t.first.starts_with(wanted); })
                : std::ranges::any_of(secret.tags,
                                      [&](const auto& t) { return t.second.starts_with(wanted); });
        return found != negated;
    };
    return std::ranges::any_of(filter.values, one);
}

Outcome<void> check_filters(const std::vector<JsonInput::Filter>& filters) {
    for (const auto& filter : filters) {
        if (filter.key != "name" && filter.key != "tag-key" && filter.key != "tag-value")
            return refuse("InvalidParameterException",
                          fmt::format("The lab filters secrets by name, tag-key and tag-value, not by '{}'.",
                                      filter.key),
                          400);
        if (filter.values.empty() || filter.option)
            return refuse("InvalidParameterException",
                          fmt::format("Invalid filter values for key: {}", filter.key), 400);
    }
    return {};
}

}  // namespace

// The six characters that follow the name are drawn before anybody is asked, since policies are matched
// against them. https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html
JsonResult create_secret(const Call& call) {
    auto& input = call.input;
    const auto arn = call.secrets().arn_of(input.peek("Name"), draw_letters(call.account.randomness(), 6));
    gate::Target target{arn, input.peek("Name")};
    target.keys.push_back({"secretsmanager:name", {input.peek("Name")}});
    const auto tags = input.tags("Tags");
    target = gate::with_request_tags(std::move(target), tags);
    if (auto allowed = call.authorise("secretsmanager:CreateSecret", target); !allowed)
        return std::unexpected(allowed.error());
    if (input.has("Tags"))
        if (auto allowed = call.authorise("secretsmanager:TagResource", target); !allowed)
            return std::unexpected(allowed.error());

    const auto name = input.required("Name", {1, 512});
    const auto description = input.text("Description", {0, longest_description});
    const auto key = input.text("KmsKeyId", {0, longest_key_id});
    auto token = token_in(input);
    auto value = value_in(input);
    if (auto valid = input.end(); !valid) return std::unexpected(valid.error());
    if (auto valid = check_name(name); !valid) return std::unexpected(valid.error());
    if (!token) return std::unexpected(token.error());
    if (!value) return std::unexpected(value.error());

    // The same request again is answered as the first time.
    if (auto* existing = call.secrets().find(name, call.now); existing != nullptr && !existing->deleted)
        if (const auto* version = existing->version(*token)) {
            if (auto same = put_version(*existing, *token, *value, {}, call.now); !same)
                return std::unexpected(same.error());
            auto answer = named(*existing);
            answer["VersionId"] = version->id;
            return json_text(answer);
        }
    if (auto free = call.secrets().check_free(name, call.now); !free) return std::unexpected(free.error());

    StoredSecret made{.name = name,
                      .arn = arn,
                      .description = description.value_or(""),
                      .kms_key_id = key.value_or(""),
                      .created = call.now,
                      .changed = call.now};
    if (auto tagged = put_tags(made, tags); !tagged) return std::unexpected(tagged.error());
    auto& secret = call.secrets().insert(std::move(made));
    auto answer = named(secret);
    if (is_there(*value)) {
        auto version = put_version(secret, *token, std::move(*value), {}, call.now);
        if (!version) return std::unexpected(version.error());
        answer["VersionId"] = (*version)->id;
    }
    return json_text(answer);
}

// https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_UpdateSecret.html
JsonResult update_secret(const Call& call) {
    auto& input = call.input;
    const auto description = input.text("Description", {0, longest_description});
    const auto key = input.text("KmsKeyId", {0, longest_key_id});
    auto token = token_in(input);
    auto value = value_in(input);
    auto secret = call.usable_secret("secretsmanager:UpdateSecret", call.target());
    if (!secret) return std::unexpected(secret.error());
    if (!value) return std::unexpected(value.error());
    if (!token) return std::unexpected(token.error());
    auto answer = named(**secret);
    if (is_there(*value)) {
        auto version = put_version(**secret, *token, std::move(*value), {}, call.now);
        if (!version) return std::unexpected(version.error());
        answer["VersionId"] = (*version)->id;
    }
    if (description) (*secret)->description = *description;
    if (key) (*secret)->kms_key_id = *key;
    (*secret)->changed = call.now;
    return json_text(answer);
}

JsonResult describe_secret(const Call& call) {
    if (auto allowed = call.authorise("secretsmanager:DescribeSecret", call.target()); !allowed)
        return std::unexpected(allowed.error());
    const auto id = call.input.required("SecretId", {1, 2048});
    if (auto valid = call.input.end(); !valid) return std::unexpected(valid.error());
    auto secret = call.secrets().named(id, call.now);
    if (!secret) return std::unexpected(secret.error());
    return json_text(described(**secret, "VersionIdsToStages"));
}

// https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_ListSecrets.html
JsonResult list_secrets(const Call& call) {
    auto& input = call.input;
    if (auto allowed = call.authorise("secretsmanager:ListSecrets", {"*", ""}); !allowed)
        return std::unexpected(allowed.error());
    const auto most = input.number("MaxResults", 1, 100);
    const auto token = input.text("NextToken", {1, 4096});
    const bool with_deleted = input.flag("IncludePlannedDeletion");
    const bool falling = input.one_of("SortOrder", {"asc", "desc"}).value_or("asc") == "desc";
    const auto filters = input.filters("Filters");
    if (auto valid = input.end(); !valid) return std::unexpected(valid.error());
    if (auto valid = check_filters(filters); !valid) return std::unexpected(valid.error());

    std::vector<const StoredSecret*> found;
    for (const auto* secret : call.secrets().all(call.now))
        if ((with_deleted || !secret->deleted) &&
            std::ranges::all_of(filters, [&](const auto& filter) { return matches(*secret, filter); }))
            found.push_back(secret);
    if (falling) std::ranges::reverse(found);
    const auto page = page_of(found, std::size_t(most.value_or(100)), token);
    if (!page) return refuse("InvalidNextTokenException", "The NextToken value is invalid.", 400);
    json::array list;
    for (const auto* secret : page->items) list.push_back(described(*secret, "SecretVersionsToStages"));
    json::object answer{{"SecretList", std::move(list)}};
    if (page->next) answer["NextToken"] = *page->next;
    return json_text(answer);
}

// https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_DeleteSecret.html
JsonResult delete_secret(const Call& call) {
    auto& input = call.input;
    const auto days = input.number("RecoveryWindowInDays", -1'000'000, 1'000'000);
    const bool at_once = input.flag("ForceDeleteWithoutRecovery");
    auto target = call.target();
    if (days) target.keys.push_back({"secretsmanager:recoverywindowindays", {std::to_string(*days)}});
    target.keys.push_back({"secretsmanager:forcedeletewithoutrecovery", {at_once ? "true" : "false"}});
    if (auto allowed = call.authorise("secretsmanager:DeleteSecret", target); !allowed)
        return std::unexpected(allowed.error());
    const auto id = input.required("SecretId", {1, 2048});
    if (auto valid = input.end(); !valid) return std::unexpected(valid.error());
    if (days && at_once)
        return refuse("InvalidParameterException",
                      "You can't use ForceDeleteWithoutRecovery in conjunction with RecoveryWindowInDays.",
                      400);
    if (days && (*days < 7 || *days > 30))
        return refuse("InvalidParameterException",
                      "The RecoveryWindowInDays value must be between 7 and 30 days (inclusive).", 400);
    auto* secret = call.secrets().find(id, call.now);
    if (at_once) {
        // What is not there is no error, so that it can be asked for again.
        json::object answer = secret != nullptr
                                  ? named(*secret)
                                  : json::object{{"ARN", call.secrets().arn_like(id)}, {"Name", id}};
        answer["DeletionDate"] = json_time(call.now);
        if (secret != nullptr) call.secrets().erase(*secret);
        return json_text(answer);
    }
    auto usable = call.secrets().usable(id, call.now);
    if (!usable) return std::unexpected(usable.error());
    (*usable)->deleted = call.now;
    (*usable)->ends = call.now + std::chrono::days(days.value_or(30));
    auto answer = named(**usable);
    answer["DeletionDate"] = json_time(*(*usable)->ends);
    return json_text(answer);
}

JsonResult restore_secret(const Call& call) {
    if (auto allowed = call.authorise("secretsmanager:RestoreSecret", call.target()); !allowed)
        return std::unexpected(allowed.error());
    const auto id = call.input.required("SecretId", {1, 2048});
    if (auto valid = call.input.end(); !valid) return std::unexpected(valid.error());
    auto secret = call.secrets().named(id, call.now);
    if (!secret) return std::unexpected(secret.error());
    (*secret)->deleted.reset();
    (*secret)->ends.reset();
    return json_text(named(**secret));
}

JsonResult tag_resource(const Call& call) {
    call.input.must_be_there("Tags");
    const auto tags = call.input.tags("Tags");
    auto secret =
        call.usable_secret("secretsmanager:TagResource", gate::with_request_tags(call.target(), tags));
    if (!secret) return std::unexpected(secret.error());
    if (auto tagged = put_tags(**secret, tags); !tagged) return std::unexpected(tagged.error());
    return std::string();
}

JsonResult untag_resource(const Call& call) {
    call.input.must_be_there("TagKeys");
    const auto keys = call.input.texts("TagKeys", {}, {1, 128});
    auto secret =
        call.usable_secret("secretsmanager:UntagResource", gate::with_request_tags(call.target(), {}, keys));
    if (!secret) return std::unexpected(secret.error());
    for (const auto& key : keys) (*secret)->tags.erase(key);
    return std::string();
}

}  // namespace keytide::lab::secretsmanager
