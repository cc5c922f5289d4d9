#include "lab/cloudformation/template.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

#include "lab/cloudformation/intrinsics.hpp"
#include "lab/cloudformation/template_text.hpp"

namespace keytide::lab::cloudformation {
namespace {

constexpr std::size_t longest_description = 1024;
constexpr std::size_t most_resources = 500;

constexpr std::array<std::string_view, 4> sections{"AWSTemplateFormatVersion", "Description", "Metadata",
                                                   "Resources"};
constexpr std::array<std::string_view, 7> sections_elsewhere{"Parameters", "Rules", "Mappings", "Conditions",
                                                             "Transform",  "Hooks", "Outputs"};

constexpr std::array<std::string_view, 4> resource_members{"Type", "Properties", "DependsOn", "Metadata"};
constexpr std::array<std::string_view, 5> resource_members_elsewhere{
    "Condition", "CreationPolicy", "DeletionPolicy", "UpdatePolicy", "UpdateReplacePolicy"};

template <std::size_t n>
bool has(const std::array<std::string_view, n>& names, std::string_view name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

std::unexpected<ServiceError> invalid(std::string message) {
    return refuse("ValidationError", std::move(message), 400);
}

std::unexpected<ServiceError> malformed(std::string message) {
    return invalid("Template format error: " + std::move(message));
}

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
    const auto* resources = body.find("Resources");
    if (resources == nullptr || !resources->is_object() || resources->members.empty())
        return malformed("At least one Resources member must be defined.");
    if (resources->members.size() > most_resources)
        return malformed(fmt::format("Number of resources, {}, is greater than maximum allowed, {}",
                                     resources->members.size(), most_resources));
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
    if (const auto* needs = body.find("DependsOn")) {
        auto ids = explicit_dependencies(*needs);
        if (!ids) return std::unexpected(ids.error());
        declaration.depends_on = std::move(*ids);
    }
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

// Every reference leads to a resource that has what is asked of it, or to a pseudo parameter.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/pseudo-parameter-reference.html
Outcome<void> check_references(const std::vector<Declaration>& resources, Declaration& from) {
    constexpr std::array<std::string_view, 6> pseudo_parameters{"AWS::AccountId", "AWS::Partition",
                                                                "AWS::Region",    "AWS::StackId",
                                                                "AWS::StackName", "AWS::URLSuffix"};
    const auto find = [&](const std::string& id) -> const Declaration* {
        for (const auto& one : resources)
            if (one.logical_id == id) return &one;
        return nullptr;
    };
    const auto unresolved = [](const std::string& id) {
        return malformed(
            fmt::format("Unresolved resource dependencies [{}] in the Resources block of the template", id));
    };

    for (const auto& id : from.depends_on)
        if (find(id) == nullptr) return unresolved(id);
    auto references = references_in(from.properties);
    if (!references) return std::unexpected(references.error());
    for (const auto& reference : *references) {
        const auto& attribute = reference.attribute;
        if (attribute.empty() && has(pseudo_parameters, reference.to)) continue;
        const auto* target = find(reference.to);
        if (target == nullptr && attribute.empty()) return unresolved(reference.to);
        if (target == nullptr)
            return invalid(fmt::format(
                "Template error: instance of Fn::GetAtt references undefined resource {}", reference.to));
        const auto known = target->type->attributes;
        if (!attribute.empty() && std::find(known.begin(), known.end(), attribute) == known.end())
            return invalid(
                fmt::format("Template error: resource {} does not support attribute type {} in Fn::GetAtt",
                            reference.to, attribute));
        from.depends_on.insert(reference.to);
    }
    return {};
}

}  // namespace

const Declaration* Template::find(std::string_view logical_id) const {
    const auto found = std::find_if(resources.begin(), resources.end(),
                                    [&](const Declaration& one) { return one.logical_id == logical_id; });
    return found == resources.end() ? nullptr : &*found;
}

std::string_view Template::capability() const {
    const bool named = std::any_of(resources.begin(), resources.end(), [](const Declaration& one) {
        return one.properties.find(one.type->custom_name) != nullptr;
    });
    return named ? "CAPABILITY_NAMED_IAM" : "CAPABILITY_IAM";
}

Outcome<Template> parse_template(std::string text) {
    auto body = read_template_text(text);
    if (!body) return std::unexpected(body.error());
    if (auto known = check_sections(*body); !known) return std::unexpected(known.error());

    std::vector<Declaration> declared;
    for (const auto& [logical_id, resource] : body->find("Resources")->members) {
        auto declaration = read_resource(logical_id, resource);
        if (!declaration) return std::unexpected(declaration.error());
        declared.push_back(std::move(*declaration));
    }
    std::vector<Node> nodes;
    for (auto& one : declared) {
        if (auto whole = check_references(declared, one); !whole) return std::unexpected(whole.error());
        if (auto known = check_properties(one.logical_id, *one.type, one.properties); !known)
            return std::unexpected(known.error());
        nodes.push_back({one.logical_id, one.depends_on});
    }
    auto order = creation_order(nodes);
    if (!order) return std::unexpected(order.error());

    Template result{std::move(text), {}, {}, {}};
    if (const auto* description = body->find("Description")) result.description = description->scalar;
    if (const auto* metadata = body->find("Metadata")) result.metadata = *metadata;
    for (const auto i : *order) result.resources.push_back(std::move(declared[i]));
    return result;
}

Outcome<void> check_capabilities(const Template& declared, const std::vector<std::string>& given) {
    const auto has_been_given = [&](std::string_view name) {
        return std::find(given.begin(), given.end(), name) != given.end();
    };
    const auto needed = declared.capability();
    if (has_been_given("CAPABILITY_NAMED_IAM") || has_been_given(needed)) return {};
    return refuse("InsufficientCapabilitiesException", fmt::format("Requires capabilities : [{}]", needed),
                  400);
}

}  // namespace keytide::lab::cloudformation
