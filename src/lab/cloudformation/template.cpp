#include "lab/cloudformation/template.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

#include "lab/cloudformation/conditions.hpp"
#include "lab/cloudformation/intrinsics.hpp"
#include "lab/cloudformation/template_sections.hpp"
#include "lab/cloudformation/template_text.hpp"

namespace keytide::lab::cloudformation {
namespace {

constexpr auto invalid = invalid_template;
constexpr auto malformed = malformed_template;

// Which block of the template names what is not there. AWS says "Template format error" of resources alone.
struct Block {
    std::string_view name, prefix;
};
constexpr Block resources_block{"Resources", "Template format error: "};
constexpr Block outputs_block{"Outputs", ""};

std::unexpected<ServiceError> unresolved(const Block& block, const std::string& id) {
    return invalid(fmt::format("{}Unresolved resource dependencies [{}] in the {} block of the template",
                               block.prefix, id, block.name));
}

// Everything that a value or a declaration names is there and has what is asked of it. Answers the resources
// among it.
class NameCheck {
public:
    explicit NameCheck(const Template& all) : all_(all) {}

    Outcome<std::set<std::string>> check(const Value& value, const Block& block) const {
        auto names = names_in(value);
        if (!names) return std::unexpected(names.error());
        std::set<std::string> resources;
        for (const auto& reference : names->references) {
            auto known = check(reference, block);
            if (!known) return std::unexpected(known.error());
            if (*known) resources.insert(reference.to);
        }
        for (const auto& name : names->conditions)
            if (auto known = check_condition(name, "Fn::If"); !known) return std::unexpected(known.error());
        for (const auto& name : names->mappings)
            if (all_.mappings.find(name) == nullptr)
                return template_error(fmt::format(
                    "Mapping named '{}' is not present in the 'Mappings' section of template.", name));
        return resources;
    }

    Outcome<void> check_condition(const std::string& name, std::string_view where) const {
        if (all_.conditions.find(name) != nullptr) return {};
        if (where == "Fn::If")
            return template_error(fmt::format("unresolved condition dependency {} in {}", name, where));
        return malformed(
            fmt::format("Unresolved condition dependency {} in the {} block of the template", name, where));
    }

private:
    // Whether it names a resource.
    Outcome<bool> check(const Reference& reference, const Block& block) const {
        const auto& attribute = reference.attribute;
        if (attribute.empty() &&
            (is_pseudo_parameter(reference.to) || all_.find_parameter(reference.to) != nullptr))
            return false;
        const auto* target = all_.find(reference.to);
        if (target == nullptr && attribute.empty()) return unresolved(block, reference.to);
        if (target == nullptr)
            return template_error(
                fmt::format("instance of Fn::GetAtt references undefined resource {}", reference.to));
        if (!attribute.empty() && !target->type->has_attribute(attribute))
            return template_error(fmt::format("resource {} does not support attribute type {} in Fn::GetAtt",
                                              reference.to, attribute));
        return true;
    }

    const Template& all_;
};

Outcome<void> check_resource(const NameCheck& names, const Template& all, Declaration& one) {
    for (const auto& id : one.depends_on)
        if (all.find(id) == nullptr) return unresolved(resources_block, id);
    if (!one.condition.empty())
        if (auto known = names.check_condition(one.condition, "Resources"); !known) return known;
    auto needed = names.check(one.properties, resources_block);
    if (!needed) return std::unexpected(needed.error());
    one.depends_on.merge(*needed);
    return check_properties(one.logical_id, *one.type, one.properties);
}

Outcome<void> put_in_order(std::vector<Declaration>& resources) {
    std::vector<Node> nodes;
    for (const auto& one : resources) nodes.push_back({one.logical_id, one.depends_on});
    auto order = creation_order(nodes);
    if (!order) return std::unexpected(order.error());
    std::vector<Declaration> in_order;
    for (const auto i : *order) in_order.push_back(std::move(resources[i]));
    resources = std::move(in_order);
    return {};
}

Outcome<void> read_body(Template& all, const Value& body) {
    if (auto known = check_sections(body); !known) return known;
    if (const auto* description = body.find("Description")) all.description = description->scalar;
    if (const auto* metadata = body.find("Metadata")) all.metadata = *metadata;
    auto parameters = read_parameters(body.find("Parameters"));
    if (!parameters) return std::unexpected(parameters.error());
    all.parameters = std::move(*parameters);
    auto mappings = read_mappings(body.find("Mappings"));
    if (!mappings) return std::unexpected(mappings.error());
    all.mappings = std::move(*mappings);
    all.conditions = Value::of(Value::Kind::object);
    if (const auto* conditions = body.find("Conditions")) all.conditions = *conditions;
    for (const auto& [logical_id, resource] : body.find("Resources")->members) {
        if (all.find_parameter(logical_id) != nullptr)
            return malformed(
                fmt::format("Duplicate name {}: a parameter and a resource have it.", logical_id));
        auto declaration = read_resource(logical_id, resource);
        if (!declaration) return std::unexpected(declaration.error());
        all.resources.push_back(std::move(*declaration));
    }
    auto outputs = read_outputs(body.find("Outputs"));
    if (!outputs) return std::unexpected(outputs.error());
    all.outputs = std::move(*outputs);
    return {};
}

}  // namespace

bool is_pseudo_parameter(std::string_view name) {
    constexpr std::array<std::string_view, 8> names{
        "AWS::AccountId", "AWS::NoValue", "AWS::NotificationARNs", "AWS::Partition",
        "AWS::Region",    "AWS::StackId", "AWS::StackName",        "AWS::URLSuffix"};
    return std::find(names.begin(), names.end(), name) != names.end();
}

const Declaration* Template::find(std::string_view logical_id) const {
    const auto found = std::find_if(resources.begin(), resources.end(),
                                    [&](const Declaration& one) { return one.logical_id == logical_id; });
    return found == resources.end() ? nullptr : &*found;
}

const DeclaredParameter* Template::find_parameter(std::string_view name) const {
    const auto found = std::find_if(parameters.begin(), parameters.end(),
                                    [&](const DeclaredParameter& one) { return one.name == name; });
    return found == parameters.end() ? nullptr : &*found;
}

std::string_view Template::capability() const {
    std::string_view needed;
    for (const auto& one : resources) {
        if (!one.type->needs_capability) continue;
        if (one.properties.find(one.type->custom_name) != nullptr) return "CAPABILITY_NAMED_IAM";
        needed = "CAPABILITY_IAM";
    }
    return needed;
}

std::vector<std::string> Template::types_that_need_it() const {
    std::vector<std::string> types;
    for (const auto& one : resources)
        if (one.type->needs_capability &&
            std::find(types.begin(), types.end(), one.type->name) == types.end())
            types.emplace_back(one.type->name);
    return types;
}

Outcome<Template> parse_template(std::string text) {
    auto body = read_template_text(text);
    if (!body) return std::unexpected(body.error());
    Template all;
    if (auto read = read_body(all, *body); !read) return std::unexpected(read.error());
    auto known = check_conditions(all.conditions, all.mappings, [&](const std::string& name) {
        return is_pseudo_parameter(name) || all.find_parameter(name) != nullptr;
    });
    if (!known) return std::unexpected(known.error());
    const NameCheck names(all);
    for (auto& one : all.resources)
        if (auto whole = check_resource(names, all, one); !whole) return std::unexpected(whole.error());
    for (const auto& output : all.outputs) {
        if (!output.condition.empty())
            if (auto there = names.check_condition(output.condition, "Outputs"); !there)
                return std::unexpected(there.error());
        if (auto whole = names.check(output.value, outputs_block); !whole)
            return std::unexpected(whole.error());
    }
    if (auto ordered = put_in_order(all.resources); !ordered) return std::unexpected(ordered.error());
    all.text = std::move(text);
    return all;
}

Outcome<void> check_capabilities(const Template& declared, const std::vector<std::string>& given) {
    const auto has_been_given = [&](std::string_view name) {
        return std::find(given.begin(), given.end(), name) != given.end();
    };
    const auto needed = declared.capability();
    if (needed.empty() || has_been_given("CAPABILITY_NAMED_IAM") || has_been_given(needed)) return {};
    return refuse("InsufficientCapabilitiesException", fmt::format("Requires capabilities : [{}]", needed),
                  400);
}

}  // namespace keytide::lab::cloudformation
