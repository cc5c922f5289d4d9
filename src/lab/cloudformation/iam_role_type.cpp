#include "lab/cloudformation/iam_role_type.hpp"

#include <array>

#include "lab/cloudformation/iam_pieces.hpp"

namespace keytide::lab::cloudformation {
namespace {

using Shape = Property::Shape;
using Update = Property::Update;

constexpr std::array role_properties{
    Property{"RoleName", Shape::text, Update::replaces},
    Property{"AssumeRolePolicyDocument", Shape::document, Update::in_place, true},
    Property{"Path", Shape::text, Update::replaces},
    Property{"Description", Shape::text},
    Property{"MaxSessionDuration", Shape::number},
    Property{"ManagedPolicyArns", Shape::text_list},
    Property{"PermissionsBoundary", Shape::text},
    Property{"Policies", Shape::policy_list},
    Property{"Tags", Shape::tag_list},
};
constexpr std::array role_attributes{std::string_view("Arn"), std::string_view("RoleId")};

Outcome<Holding> role_holding(const Value& properties, const std::string& name) {
    return identity_holding("Role", name, properties);
}

std::string role_attribute(const Existing& role, std::string_view name) {
    if (name == "Arn") return identity_arn(role.account.id(), role.held);
    const auto* stored = role.account.roles().find(role.physical_id);
    return stored != nullptr ? stored->id : std::string{};
}

}  // namespace

const ResourceType role_type{"AWS::IAM::Role", role_properties,     role_attributes, "RoleName",    true,
                             {24, 24},         name_as_physical_id, role_holding,    role_attribute};

}  // namespace keytide::lab::cloudformation
