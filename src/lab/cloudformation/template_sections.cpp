#include "lab/cloudformation/template_sections.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

namespace keytide::lab::cloudformation {
namespace {

constexpr std::size_t longest_description = 1024;
constexpr std::size_t most_resources = 500;
constexpr std::size_t most_outputs = 200;
constexpr std::size_t most_mappings = 200;
constexpr std::size_t most_in_mapping = 200;

constexpr std::array<std::string_view, 8> sections{"AWSTemplateFormatVersion",
                                                   "Description",
                                                   "Metadata",
                                                   "Parameters",
                                                   "Mappings",
                                                   "Conditions",
                                                   "Resources",
                                                   "Outputs"};
constexpr std::array<std::string_view, 3> sections_elsewhere{"Rules", "Transform", "Hooks"};

constexpr std::array<std::string_view, 7> resource_members{
    "Type", "Properties", "DependsOn", "Metadata", "Condition", "DeletionPolicy", "UpdateReplacePolicy"};
constexpr std::array<std::string_view, 2> resource_members_elsewhere{"CreationPolicy", "UpdatePolicy"};

template <std::size_t n>
bool has(const std::array<std::string_view, n>& names, std::string_view name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

constexpr auto invalid = invalid_template;
constexpr auto malformed = malformed_template;

bool is_alphanumeric(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    });
}

// Below Properties AWS writes the path with "Type" where "Properties" would be expected; so do we.
Outcome<void> refuse_nulls(const Value& value, const std::string& path) {
    if (value.kind == Value::Kind::null)
        return invalid(fmt::format("[{}] 'null' values are not allowed in templates", path));
    for (std::size_t i = 0; i < value.items.size(); ++i)
        if (auto done = refuse_nulls(value.items[i], fmt::format("{}/{}", path, i)); !done) return done;
    for (const auto& [key, member] : value.members)
        if (auto done = refuse_nulls(member, fmt::format("{}/{}", path, key)); !done) return done;
    return {};
}

Outcome<std::set<std::string>> explicit_dependencies(const Value& value) {
    if (value.is_text()) return std::set{value.scalar};
    std::set<std::string> ids;
    if (!value.is_list()) return malformed("DependsOn must be a string or list of strings.");
    for (const auto& item : value.items) {
        if (!item.is_text()) return malformed("DependsOn must be a string or list of strings.");
        ids.insert(item.scalar);
    }
    return ids;
}

// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html
Outcome<std::string> read_policy(const std::string& logical_id, const Value& body, const char* name,
                                 std::initializer_list<std::string_view> known) {
    const auto* value = body.find(name);
    if (value == nullptr) return std::string{};
    if (value->is_text() && std::find(known.begin(), known.end(), value->scalar) != known.end())
        return value->scalar;
    if (value->is_text() && value->scalar == "Snapshot")
        return malformed(fmt::format("Resource {} does not support {} Snapshot", logical_id, name));
    return malformed(fmt::format("Unrecognized {} {} for resource {}", name,
                                 value->is_text() ? value->scalar : to_json(*value), logical_id));
}

Outcome<void> read_members(Declaration& declaration, const Value& body) {
    const auto& logical_id = declaration.logical_id;
    if (const auto* needs = body.find("DependsOn")) {
        auto ids = explicit_dependencies(*needs);
        if (!ids) return std::unexpected(ids.error());
        declaration.depends_on = std::move(*ids);
    }
    if (const auto* condition = body.find("Condition")) {
        if (!condition->is_text())
            return malformed(
                fmt::format("Every Condition member must be a string. [/Resources/{}]", logical_id));
        declaration.condition = condition->scalar;
    }
    auto deletion =
        read_policy(logical_id, body, "DeletionPolicy", {"Delete", "Retain", "RetainExceptOnCreate"});
    if (!deletion) return std::unexpected(deletion.error());
    declaration.deletion_policy = std::move(*deletion);
    auto replacement = read_policy(logical_id, body, "UpdateReplacePolicy", {"Delete", "Retain"});
    if (!replacement) return std::unexpected(replacement.error());
    declaration.update_replace_policy = std::move(*replacement);
    if (const auto* metadata = body.find("Metadata")) declaration.metadata = *metadata;
    return {};
}

}  // namespace

Outcome<void> check_sections(const Value& body) {
    std::vector<std::string> unknown;
    for (const auto& [name, value] : body.members) {
        if (has(sections, name)) continue;
        if (has(sections_elsewhere, name))
            return malformed(fmt::format("the section {} is not supported here yet.", name));
        unknown.push_back(name);
    }
    if (!unknown.empty())
        return invalid(fmt::format("Invalid template property or properties [{}]", fmt::join(unknown, ", ")));

    if (const auto* format = body.find("AWSTemplateFormatVersion");
        format != nullptr && !(format->is_text() && format->scalar == "2010-09-09"))
        return malformed("unsupported value for AWSTemplateFormatVersion.");
    if (const auto* description = body.find("Description"); description != nullptr) {
        if (!description->is_scalar()) return malformed("unsupported structure.");
        if (description->scalar.size() > longest_description)
            return malformed(fmt::format("'Description' length is greater than {}.", longest_description));
    }
    if (const auto* metadata = body.find("Metadata"); metadata != nullptr && !metadata->is_object())
        return malformed("unsupported structure.");
    if (const auto* conditions = body.find("Conditions"); conditions != nullptr && !conditions->is_object())
        return malformed("Conditions must be an object.");
    const auto* resources = body.find("Resources");
    if (resources == nullptr || !resources->is_object() || resources->members.empty())
        return malformed("At least one Resources member must be defined.");
    if (resources->members.size() > most_resources)
        return malformed(fmt::format("Number of resources, {}, is greater than maximum allowed, {}",
                                     resources->members.size(), most_resources));
    return {};
}

Outcome<Declaration> read_resource(const std::string& logical_id, const Value& body) {
    if (!is_alphanumeric(logical_id) || logical_id.size() > 255)
        return malformed(fmt::format("Resource name {} is non alphanumeric.", logical_id));
    if (!body.is_object()) return malformed("Any Resources member must be an object.");
    for (const auto& [name, value] : body.members) {
        if (has(resource_members_elsewhere, name))
            return malformed(fmt::format("[/Resources/{}] {} is not supported here yet.", logical_id, name));
        if (!has(resource_members, name))
            return invalid(fmt::format("Invalid template resource property '{}'", name));
    }
    const auto* type = body.find("Type");
    if (type == nullptr || !type->is_text())
        return malformed(
            fmt::format("[/Resources/{}] Every Resources object must contain a Type member.", logical_id));

    Declaration declaration{logical_id, find_resource_type(type->scalar), Value::of(Value::Kind::object), {}};
    if (declaration.type == nullptr)
        return malformed(fmt::format("Unrecognized resource types: [{}]", type->scalar));
    if (auto read = read_members(declaration, body); !read) return std::unexpected(read.error());
    if (const auto* properties = body.find("Properties")) {
        if (properties->kind == Value::Kind::null)
            return invalid(fmt::format(
                "[/Resources/{}/Properties] 'null' values are not allowed in templates", logical_id));
        if (!properties->is_object()) return malformed("Properties must be an object.");
        if (auto whole = refuse_nulls(*properties, fmt::format("/Resources/{}/Type", logical_id)); !whole)
            return std::unexpected(whole.error());
        declaration.properties = *properties;
    }
    return declaration;
}

Outcome<std::vector<DeclaredOutput>> read_outputs(const Value* section) {
    std::vector<DeclaredOutput> outputs;
    if (section == nullptr) return outputs;
    if (!section->is_object()) return malformed("Outputs must be an object.");
    if (section->members.size() > most_outputs)
        return malformed(fmt::format("Number of outputs, {}, is greater than maximum allowed, {}",
                                     section->members.size(), most_outputs));
    for (const auto& [name, body] : section->members) {
        if (!is_alphanumeric(name) || name.size() > 255)
            return malformed(fmt::format("Output name {} is non alphanumeric.", name));
        if (!body.is_object()) return malformed("Any Outputs member must be an object.");
        const auto* value = body.find("Value");
        if (value == nullptr) return malformed("Every Outputs member must contain a Value object");
        if (auto whole = refuse_nulls(*value, fmt::format("/Outputs/{}/Value", name)); !whole)
            return std::unexpected(whole.error());
        auto& output = outputs.emplace_back(DeclaredOutput{name, {}, {}, *value});
        for (const auto& [member, text] : body.members) {
            if (member == "Value") continue;
            if (member == "Export")
                return malformed(fmt::format("[/Outputs/{}] Export is not supported here yet.", name));
            if (member != "Description" && member != "Condition")
                return invalid(fmt::format("Invalid template output property '{}'", member));
            if (!text.is_scalar())
                return malformed(fmt::format("[/Outputs/{}] {} must be a string.", name, member));
            (member == "Description" ? output.description : output.condition) = text.scalar;
        }
        if (output.description.size() > longest_description)
            return malformed(fmt::format("'Description' length of output {} is greater than {}.", name,
                                         longest_description));
    }
    return outputs;
}

Outcome<Value> read_mappings(const Value* section) {
    if (section == nullptr) return Value::of(Value::Kind::object);
    if (!section->is_object()) return malformed("Mappings must be an object.");
    if (section->members.size() > most_mappings)
        return malformed(fmt::format("Number of mappings, {}, is greater than maximum allowed, {}",
                                     section->members.size(), most_mappings));
    for (const auto& [name, map] : section->members) {
        if (!is_alphanumeric(name))
            return malformed(fmt::format("Mapping name {} is non alphanumeric.", name));
        if (!map.is_object() || map.members.empty()) return malformed("Every Mappings member must be a map");
        if (map.members.size() > most_in_mapping)
            return malformed(
                fmt::format("Number of mapping attributes, {}, is greater than maximum allowed, {}",
                            map.members.size(), most_in_mapping));
        for (const auto& [key, attributes] : map.members) {
            if (!attributes.is_object() || attributes.members.size() > most_in_mapping)
                return malformed(
                    fmt::format("Every Mappings attribute must be a map. [/Mappings/{}/{}]", name, key));
            for (const auto& [attribute, value] : attributes.members) {
                const bool is_list =
                    value.is_list() && std::all_of(value.items.begin(), value.items.end(),
                                                   [](const Value& one) { return one.is_scalar(); });
                if (!value.is_scalar() && !is_list)
                    return malformed("Every Mappings attribute must be a String or a List.");
            }
        }
    }
    return *section;
}

}  // namespace keytide::lab::cloudformation
