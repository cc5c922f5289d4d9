#include "lab/cloudformation/resource_types.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "lab/cloudformation/intrinsics.hpp"

namespace keytide::lab::cloudformation {
namespace {

using Shape = Property::Shape;

constexpr std::array user_properties{
    Property{"UserName", Shape::text, false},
    Property{"Path", Shape::text, false},
    Property{"Policies", Shape::policy_list},
};
constexpr std::array user_attributes{std::string_view("Arn")};

constexpr std::array policy_properties{
    Property{"PolicyName", Shape::text},
    Property{"PolicyDocument", Shape::document},
    Property{"Users", Shape::text_list},
};

constexpr std::array types{
    ResourceType{user_type, user_properties, user_attributes, "UserName"},
    ResourceType{policy_type, policy_properties, {}, {}},
};

bool is_text(const Value& value) {
    return value.is_scalar() || is_intrinsic(value);
}

bool is_document(const Value& value) {
    return value.is_object() && !is_intrinsic(value);
}

bool is_policy(const Value& value) {
    const auto* name = value.find("PolicyName");
    const auto* document = value.find("PolicyDocument");
    return value.members.size() == 2 && name != nullptr && is_text(*name) && document != nullptr &&
           is_document(*document);
}

bool fits(const Value& value, Shape shape) {
    const auto all = [&](bool (*fits)(const Value&)) {
        return value.is_list() && std::all_of(value.items.begin(), value.items.end(), fits);
    };
    switch (shape) {
        case Shape::text: return is_text(value);
        case Shape::text_list: return all(is_text);
        case Shape::document: return is_document(value);
        case Shape::policy_list: return all(is_policy);
    }
    return false;
}

std::string_view words(Shape shape) {
    switch (shape) {
        case Shape::text: return "of type String";
        case Shape::text_list: return "of type List of String";
        case Shape::document: return "an object";
        case Shape::policy_list: return "a list of objects with PolicyName and PolicyDocument";
    }
    return {};
}

}  // namespace

const Property* ResourceType::property(std::string_view wanted) const {
    const auto found = std::find_if(properties.begin(), properties.end(),
                                    [&](const Property& one) { return one.name == wanted; });
    return found == properties.end() ? nullptr : &*found;
}

const ResourceType* find_resource_type(std::string_view name) {
    const auto found =
        std::find_if(types.begin(), types.end(), [&](const ResourceType& one) { return one.name == name; });
    return found == types.end() ? nullptr : &*found;
}

Outcome<void> check_properties(std::string_view logical_id, const ResourceType& type,
                               const Value& properties) {
    for (const auto& [name, value] : properties.members) {
        const auto* property = type.property(name);
        if (property == nullptr)
            return refuse("ValidationError",
                          fmt::format("Resource {}: Encountered unsupported property {} of {}.", logical_id,
                                      name, type.name),
                          400);
        if (!fits(value, property->shape))
            return refuse("ValidationError",
                          fmt::format("Resource {}: Value of property {} must be {}.", logical_id, name,
                                      words(property->shape)),
                          400);
    }
    return {};
}

}  // namespace keytide::lab::cloudformation
