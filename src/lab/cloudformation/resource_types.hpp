// The resource types that templates may use here, and the properties and attributes of each.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-user.html,
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-policy.html
#pragma once

#include <span>
#include <string_view>

#include "lab/cloudformation/value.hpp"
#include "lab/service_error.hpp"

namespace keytide::lab::cloudformation {

inline constexpr std::string_view user_type = "AWS::IAM::User";
inline constexpr std::string_view policy_type = "AWS::IAM::Policy";

struct Property {
    enum class Shape { text, text_list, document, policy_list };
    std::string_view name;
    Shape shape;
    bool can_change = true;  // in place; otherwise an update that changes it is refused
};

struct ResourceType {
    std::string_view name;
    std::span<const Property> properties;
    std::span<const std::string_view> attributes;  // for Fn::GetAtt
    std::string_view custom_name;  // the property that gives the IAM resource a name; empty: it has none

    const Property* property(std::string_view name) const;  // null: not one of this type, or not here
};

const ResourceType* find_resource_type(std::string_view name);  // null: unknown, or not supported here

// Only properties that the type has, each of the right shape, functions standing for texts. ValidationError.
Outcome<void> check_properties(std::string_view logical_id, const ResourceType& type,
                               const Value& properties);

}  // namespace keytide::lab::cloudformation
