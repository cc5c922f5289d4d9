#include "lab/cloudformation/iam_policy_types.hpp"

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
};
constexpr std::array inline_policy_attributes{std::string_view("Id")};

Outcome<Holding> inline_policy_holding(const Value& properties, const std::string&) {
    Holding holding;
    for (const auto& user : texts_of(properties, "Users"))
        holding.push_back(inline_policy("User", user, text_of(properties, "PolicyName"),
                                        *properties.find("PolicyDocument")));
    if (holding.empty())
        return refuse("InvalidRequest", "At least one of [Groups,Roles,Users] must be non-empty.", 400);
    return holding;
}

std::string id_of(const Existing& resource, std::string_view) {
    return resource.physical_id;
}

}  // namespace

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
