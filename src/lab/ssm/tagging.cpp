#include "lab/ssm/tagging.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>

#include "iam_policy/lower_case.hpp"

namespace keytide::lab::ssm {
namespace {

namespace json = boost::json;

constexpr std::size_t most_tags = 50, most_labels = 10;

// The parameter that ResourceId names, authorised with these tags or keys.
Outcome<StoredParameter*> tagged(const Call& call, std::string_view action, const std::vector<Tag>& tags,
                                 const std::vector<std::string>& keys) {
    const auto target = gate::with_request_tags(call.target(call.input.peek("ResourceId")), tags, keys);
    if (auto allowed = call.authorise(action, target); !allowed) return std::unexpected(allowed.error());
    const auto type = call.input.required("ResourceType");
    const auto id = call.input.required("ResourceId");
    if (auto valid = call.input.end(); !valid) return std::unexpected(valid.error());
    if (type != "Parameter") return refuse("InvalidResourceType", "", 400);
    auto* parameter = call.store().find(id);
    if (parameter == nullptr) return refuse("InvalidResourceId", "", 400);
    return parameter;
}

bool is_label(std::string_view text) {
    const auto lower = iam_policy::lower_case(text);
    return !text.empty() && !(text.front() >= '0' && text.front() <= '9') && !lower.starts_with("aws") &&
           !lower.starts_with("ssm") && std::ranges::all_of(text, [](char c) {
               return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
                      std::string_view("._-").find(c) != std::string_view::npos;
           });
}

std::unexpected<ServiceError> no_version(std::int64_t number, std::string_view name) {
    return refuse("ParameterVersionNotFound",
                  fmt::format("Systems Manager could not find version {} of {}. Verify the version and try "
                              "again.",
                              number, name),
                  400);
}

}  // namespace

JsonResult add_tags_to_resource(const Call& call) {
    const auto tags = call.input.tags("Tags");
    call.input.must_be_there("Tags");
    auto parameter = tagged(call, "ssm:AddTagsToResource", tags, {});
    if (!parameter) return std::unexpected(parameter.error());
    auto wanted = (*parameter)->tags;
    for (const auto& tag : tags) wanted.insert_or_assign(tag.key, tag.value);
    if (wanted.size() > most_tags) return refuse("TooManyTagsError", "", 400);
    (*parameter)->tags = std::move(wanted);
    return json_text({});
}

JsonResult remove_tags_from_resource(const Call& call) {
    const auto keys = call.input.texts("TagKeys", {}, {1, 128});
    call.input.must_be_there("TagKeys");
    auto parameter = tagged(call, "ssm:RemoveTagsFromResource", {}, keys);
    if (!parameter) return std::unexpected(parameter.error());
    for (const auto& key : keys) (*parameter)->tags.erase(key);
    return json_text({});
}

JsonResult list_tags_for_resource(const Call& call) {
    auto parameter = tagged(call, "ssm:ListTagsForResource", {}, {});
    if (!parameter) return std::unexpected(parameter.error());
    json::array list;
    for (const auto& [key, value] : (*parameter)->tags) list.push_back({{"Key", key}, {"Value", value}});
    return json_text({{"TagList", std::move(list)}});
}

// https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_LabelParameterVersion.html
JsonResult label_parameter_version(const Call& call) {
    const auto labels = call.input.texts("Labels", {1, 10}, {1, 100});
    call.input.must_be_there("Labels");
    const auto number = call.input.number("ParameterVersion", 0, INT64_MAX);
    auto parameter = call.named("ssm:LabelParameterVersion");
    if (!parameter) return std::unexpected(parameter.error());
    auto* version = number ? (*parameter)->numbered(*number) : &(*parameter)->versions.back();
    if (version == nullptr) return no_version(*number, (*parameter)->name);
    json::array invalid;
    auto wanted = version->labels;
    for (const auto& label : labels) {
        if (is_label(label))
            wanted.insert(label);
        else
            invalid.emplace_back(label);
    }
    if (wanted.size() > most_labels)
        return refuse("ParameterVersionLabelLimitExceeded",
                      "A parameter version can have maximum 10 labels. Move one or more labels to another "
                      "version and try again.",
                      400);
    for (auto& other : (*parameter)->versions)
        for (const auto& label : wanted) other.labels.erase(label);
    version->labels = std::move(wanted);
    return json_text({{"InvalidLabels", std::move(invalid)}, {"ParameterVersion", version->number}});
}

JsonResult unlabel_parameter_version(const Call& call) {
    const auto labels = call.input.texts("Labels", {1, 10}, {1, 100});
    call.input.must_be_there("Labels");
    call.input.must_be_there("ParameterVersion");
    const auto number = call.input.number("ParameterVersion", 0, INT64_MAX);
    auto parameter = call.named("ssm:UnlabelParameterVersion");
    if (!parameter) return std::unexpected(parameter.error());
    auto* version = (*parameter)->numbered(*number);
    if (version == nullptr) return no_version(*number, (*parameter)->name);
    json::array removed, invalid;
    for (const auto& label : labels)
        (version->labels.erase(label) != 0 ? removed : invalid).emplace_back(label);
    return json_text({{"RemovedLabels", std::move(removed)}, {"InvalidLabels", std::move(invalid)}});
}

}  // namespace keytide::lab::ssm
