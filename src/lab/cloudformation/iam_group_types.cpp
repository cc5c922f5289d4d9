#include "lab/cloudformation/iam_group_types.hpp"

#include <array>

#include "lab/cloudformation/iam_pieces.hpp"

namespace keytide::lab::cloudformation {
namespace {

using Shape = Property::Shape;
using Update = Property::Update;

constexpr std::array group_properties{
    Property{"GroupName", Shape::text, Update::replaces},
    Property{"Path", Shape::text},
    Property{"ManagedPolicyArns", Shape::text_list},
    Property{"Policies", Shape::policy_list},
};
constexpr std::array group_attributes{std::string_view("Arn")};

Outcome<Holding> group_holding(const Value& properties, const std::string& name) {
    return identity_holding("Group", name, properties);
}

std::string group_attribute(const Existing& group, std::string_view) {
    return identity_arn(group.account.id(), group.held);
}

constexpr std::array addition_properties{
    Property{"GroupName", Shape::text, Update::in_place, true},
    Property{"Users", Shape::text_list, Update::in_place, true},
};
constexpr std::array addition_attributes{std::string_view("Id")};

Outcome<Holding> addition_holding(const Value& properties, const std::string&) {
    Holding holding;
    for (const auto& user : texts_of(properties, "Users"))
        holding.push_back(membership(user, text_of(properties, "GroupName")));
    return holding;
}

std::string addition_attribute(const Existing& addition, std::string_view) {
    return addition.physical_id;
}

}  // namespace

const ResourceType group_type{"AWS::IAM::Group", group_properties,    group_attributes, "GroupName",    true,
                              {24, 24},          name_as_physical_id, group_holding,    group_attribute};

const ResourceType user_to_group_addition_type{"AWS::IAM::UserToGroupAddition",
                                               addition_properties,
                                               addition_attributes,
                                               {},
                                               true,
                                               {5, 4},
                                               name_as_physical_id,
                                               addition_holding,
                                               addition_attribute};

}  // namespace keytide::lab::cloudformation
