#include "lab/cloudformation/iam_user_types.hpp"

#include <array>

#include "lab/cloudformation/iam_pieces.hpp"

namespace keytide::lab::cloudformation {
namespace {

using Shape = Property::Shape;
using Update = Property::Update;

constexpr std::array user_properties{
    Property{"UserName", Shape::text, Update::replaces},
    Property{"Path", Shape::text},
    Property{"Groups", Shape::text_list},
    Property{"LoginProfile", Shape::login_profile},
    Property{"ManagedPolicyArns", Shape::text_list},
    Property{"PermissionsBoundary", Shape::text},
    Property{"Policies", Shape::policy_list},
    Property{"Tags", Shape::tag_list},
};
constexpr std::array user_attributes{std::string_view("Arn")};

Outcome<Holding> user_holding(const Value& properties, const std::string& name) {
    return identity_holding("User", name, properties);
}

std::string user_attribute(const Existing& user, std::string_view) {
    return identity_arn(user.account.id(), user.held);
}

// A Serial that is raised replaces the key: that is how a template rotates it.
constexpr std::array access_key_properties{
    Property{"UserName", Shape::text, Update::replaces, true},
    Property{"Serial", Shape::number, Update::replaces},
    Property{"Status", Shape::text},
};
constexpr std::array access_key_attributes{std::string_view("SecretAccessKey")};

std::string no_id_yet(const AccountId&, const std::string&, const Value&) {
    return {};
}

Outcome<Holding> access_key_holding(const Value& properties, const std::string& id) {
    return Holding{{&access_key_kind, "User", text_of(properties, "UserName"), id,
                    Value::text(text_of(properties, "Status", "Active"))}};
}

std::string access_key_attribute(const Existing& key, std::string_view) {
    const auto* stored = key.account.find_access_key(key.physical_id);
    return stored != nullptr ? std::string(stored->key.secret.reveal()) : std::string{};
}

}  // namespace

const ResourceType user_type{"AWS::IAM::User", user_properties,     user_attributes, "UserName",    true,
                             {24, 24},         name_as_physical_id, user_holding,    user_attribute};

const ResourceType access_key_type{
    "AWS::IAM::AccessKey", access_key_properties, access_key_attributes, {}, true, {24, 24}, no_id_yet,
    access_key_holding,    access_key_attribute};

}  // namespace keytide::lab::cloudformation
