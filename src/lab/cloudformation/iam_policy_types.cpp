#include "lab/cloudformation/iam_policy_types.hpp"

#include <fmt/format.h>

#include <array>

#include "lab/cloudformation/iam_pieces.hpp"

namespace keytide::lab::cloudformation {
namespace {

using Shape = Property::Shape;
using Update = Property::Update;

constexpr std::array inline_policy_properties{
    Property{"PolicyName", Shape::text, Update::in_place, true},
    Property{"PolicyDocument", Shape::document, Update::in_place, true},
    Property{"Users", Shape::text_list},
    Property{"Groups", Shape::text_list},
    Property{"Roles", Shape::text_list},
};
constexpr std::array inline_policy_attributes{std::string_view("Id")};

// Whom a policy names, and how their API calls them.
constexpr std::array<std::pair<std::string_view, std::string_view>, 3> owners{
    {{"Users", "User"}, {"Groups", "Group"}, {"Roles", "Role"}}};

Outcome<Holding> inline_policy_holding(const Value& properties, const std::string&) {
    Holding holding;
    for (const auto& [property, type] : owners)
        for (const auto& owner : texts_of(properties, property))
            holding.push_back(inline_policy(type, owner, text_of(properties, "PolicyName"),
                                            *properties.find("PolicyDocument")));
    if (holding.empty())
        return refuse("InvalidRequest", "At least one of [Groups,Roles,Users] must be non-empty.", 400);
    return holding;
}

std::string id_of(const Existing& resource, std::string_view) {
    return resource.physical_id;
}

constexpr std::array managed_policy_properties{
    Property{"ManagedPolicyName", Shape::text, Update::replaces},
    Property{"Path", Shape::text, Update::replaces},
    Property{"Description", Shape::text, Update::replaces},
    Property{"PolicyDocument", Shape::document, Update::in_place, true},
    Property{"Users", Shape::text_list},
    Property{"Groups", Shape::text_list},
    Property{"Roles", Shape::text_list},
};
constexpr std::array managed_policy_attributes{std::string_view("PolicyArn"), std::string_view("PolicyId")};

std::string managed_policy_arn(const AccountId& account, const std::string& name, const Value& properties) {
    return fmt::format("arn:aws:iam::{}:policy{}{}", account, text_of(properties, "Path", "/"), name);
}

Outcome<Holding> managed_policy_holding(const Value& properties, const std::string& arn) {
    auto content = Value::of(Value::Kind::object);
    content.members.push_back({"PolicyName", Value::text(arn.substr(arn.rfind('/') + 1))});
    for (const char* name : {"Path", "Description"})
        if (const auto* value = properties.find(name))
            content.members.push_back({name, Value::text(value->scalar)});
    content.members.push_back({"PolicyDocument", Value::text(to_json(*properties.find("PolicyDocument")))});
    Holding holding{{&managed_policy_kind, {}, {}, arn, std::move(content)}};
    for (const auto& [property, type] : owners)
        for (const auto& owner : texts_of(properties, property))
            holding.push_back({&attachment_kind, std::string(type), owner, arn, {}});
    return holding;
}

std::string managed_policy_attribute(const Existing& policy, std::string_view name) {
    if (name == "PolicyArn") return policy.physical_id;
    const auto* stored = policy.account.find_policy(policy.physical_id);
    return stored != nullptr ? stored->id : std::string{};
}

}  // namespace

const ResourceType managed_policy_type{"AWS::IAM::ManagedPolicy",
                                       managed_policy_properties,
                                       managed_policy_attributes,
                                       "ManagedPolicyName",
                                       true,
                                       {24, 24},
                                       managed_policy_arn,
                                       managed_policy_holding,
                                       managed_policy_attribute};

const ResourceType inline_policy_type{"AWS::IAM::Policy",
                                      inline_policy_properties,
                                      inline_policy_attributes,
                                      {},
                                      true,
                                      {5, 4},
                                      name_as_physical_id,
                                      inline_policy_holding,
                                      id_of};

}  // namespace keytide::lab::cloudformation
