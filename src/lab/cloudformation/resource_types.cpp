#include "lab/cloudformation/resource_types.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "lab/cloudformation/iam_group_types.hpp"
#include "lab/cloudformation/iam_policy_types.hpp"
#include "lab/cloudformation/iam_role_type.hpp"
#include "lab/cloudformation/iam_user_types.hpp"
#include "lab/cloudformation/intrinsics.hpp"
#include "lab/cloudformation/s3_bucket_type.hpp"

namespace keytide::lab::cloudformation {
namespace {

using Shape = Property::Shape;

const std::array<const ResourceType*, 8> types{
    &access_key_type,     &bucket_type, &group_type, &inline_policy_type,
    &managed_policy_type, &role_type,   &user_type,  &user_to_group_addition_type};

bool is_text(const Value& value) {
    return value.is_scalar() || is_intrinsic(value);
}

bool is_number(const Value& value) {
    const auto& digits = value.scalar;
    return is_intrinsic(value) ||
           (value.is_scalar() && !digits.empty() && digits.size() < 10 &&
            std::all_of(digits.begin(), digits.end(), [](char c) { return c >= '0' && c <= '9'; }));
}

bool is_document(const Value& value) {
    return value.is_object();
}

bool is_policy(const Value& value) {
    if (is_intrinsic(value)) return true;
    const auto* name = value.find("PolicyName");
    const auto* document = value.find("PolicyDocument");
    return value.members.size() == 2 && name != nullptr && is_text(*name) && document != nullptr &&
           is_document(*document);
}

bool is_tag(const Value& value) {
    if (is_intrinsic(value)) return true;
    const auto* key = value.find("Key");
    const auto* text = value.find("Value");
    return value.members.size() == 2 && key != nullptr && is_text(*key) && text != nullptr && is_text(*text);
}

bool is_login_profile(const Value& value) {
    if (is_intrinsic(value)) return true;
    const auto* password = value.find("Password");
    const auto* reset = value.find("PasswordResetRequired");
    return password != nullptr && is_text(*password) && (reset == nullptr || is_text(*reset)) &&
           value.members.size() == (reset == nullptr ? 1U : 2U);
}

bool fits(const Value& value, Shape shape) {
    const auto all = [&](bool (*fits)(const Value&)) {
        return is_intrinsic(value) ||
               (value.is_list() && std::all_of(value.items.begin(), value.items.end(), fits));
    };
    switch (shape) {
        case Shape::text: return is_text(value);
        case Shape::number: return is_number(value);
        case Shape::text_list: return all(is_text);
        case Shape::document: return is_document(value);
        case Shape::policy_list: return all(is_policy);
        case Shape::tag_list: return all(is_tag);
        case Shape::login_profile: return is_login_profile(value);
    }
    return false;
}

std::string_view words(Shape shape) {
    switch (shape) {
        case Shape::text: return "of type String";
        case Shape::number: return "a whole number";
        case Shape::text_list: return "of type List of String";
        case Shape::document: return "an object";
        case Shape::policy_list: return "a list of objects with PolicyName and PolicyDocument";
        case Shape::tag_list: return "a list of objects with Key and Value";
        case Shape::login_profile: return "an object with Password, and perhaps PasswordResetRequired";
    }
    return {};
}

}  // namespace

const Property* ResourceType::property(std::string_view wanted) const {
    const auto found = std::find_if(properties.begin(), properties.end(),
                                    [&](const Property& one) { return one.name == wanted; });
    return found == properties.end() ? nullptr : &*found;
}

bool ResourceType::has_attribute(std::string_view wanted) const {
    return std::find(attributes.begin(), attributes.end(), wanted) != attributes.end();
}

const ResourceType* find_resource_type(std::string_view name) {
    const auto found =
        std::find_if(types.begin(), types.end(), [&](const ResourceType* one) { return one->name == name; });
    return found == types.end() ? nullptr : *found;
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

Outcome<void> check_resolved_properties(std::string_view logical_id, const ResourceType& type,
                                        const Value& properties) {
    const auto failed = [&](std::string what) {
        return refuse("InvalidRequest",
                      fmt::format("Properties validation failed for resource {} with message:\n[#: {}]",
                                  logical_id, what),
                      400);
    };
    for (const auto& property : type.properties)
        if (property.required && properties.find(property.name) == nullptr)
            return failed(fmt::format("required key [{}] not found", property.name));
    for (const auto& [name, value] : properties.members)
        if (const auto shape = type.property(name)->shape; !fits(value, shape))
            return failed(fmt::format("{} must be {}", name, words(shape)));
    return {};
}

std::string name_as_physical_id(const AccountId&, const std::string& name, const Value&) {
    return name;
}

std::string text_of(const Value& properties, std::string_view name, std::string_view otherwise) {
    const auto* value = properties.find(name);
    return value != nullptr ? value->scalar : std::string(otherwise);
}

std::vector<std::string> texts_of(const Value& properties, std::string_view name) {
    std::vector<std::string> texts;
    if (const auto* list = properties.find(name))
        for (const auto& item : list->items) texts.push_back(item.scalar);
    return texts;
}

}  // namespace keytide::lab::cloudformation
