// The resource types that templates may use here, and the properties and attributes of each. One file per
// family says what they are; which property can change in place is AWS's to say.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/AWS_IAM.html and its neighbours
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "lab/cloudformation/holding.hpp"
#include "lab/cloudformation/value.hpp"
#include "lab/service_error.hpp"

namespace keytide::lab::cloudformation {

struct Property {
    enum class Shape { text, number, text_list, document, policy_list, tag_list, login_profile };
    enum class Update { in_place, replaces };

    std::string_view name;
    Shape shape;
    Update update = Update::in_place;
    bool required = false;
};

// What an attribute may be asked of.
struct Existing {
    const Account& account;
    const std::string& physical_id;
    const Holding& held;
};

struct ResourceType {
    std::string_view name;
    std::span<const Property> properties;
    std::span<const std::string_view> attributes;  // for Fn::GetAtt
    std::string_view custom_name;  // the property that gives the resource a name; empty: it has none
    bool needs_capability;         // CAPABILITY_IAM

    // STACK-LOGICALID-RANDOM, each part cut to fit, for what has no name of its own.
    struct GeneratedName {
        std::size_t stack, logical_id;
        bool lower_case = false;
    } generated;

    // What Ref gives; an access key's is only known once it is there, and empty until then.
    std::string (*physical_id)(const AccountId& account, const std::string& name, const Value& properties);

    // What a resource with these properties, functions resolved, holds when it is there. Errors are AWS's,
    // for properties that contradict each other.
    Outcome<Holding> (*holding)(const Value& properties, const std::string& physical_id);

    std::string (*attribute)(const Existing& resource, std::string_view name);

    const Property* property(std::string_view name) const;  // null: not one of this type, or not here
    bool has_attribute(std::string_view name) const;
};

const ResourceType* find_resource_type(std::string_view name);  // null: unknown, or not supported here

// Only properties that the type has, each of the right shape, functions standing for what they may come to.
// ValidationError.
Outcome<void> check_properties(std::string_view logical_id, const ResourceType& type,
                               const Value& properties);

// The same of properties whose functions are resolved, and all that are required: in the words in which a
// resource fails.
Outcome<void> check_resolved_properties(std::string_view logical_id, const ResourceType& type,
                                        const Value& properties);

// What many types have in common.
std::string name_as_physical_id(const AccountId& account, const std::string& name, const Value& properties);
std::string text_of(const Value& properties, std::string_view name, std::string_view otherwise = {});
std::vector<std::string> texts_of(const Value& properties, std::string_view name);  // of a list of texts

}  // namespace keytide::lab::cloudformation
