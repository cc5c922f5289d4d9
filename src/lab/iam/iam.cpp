#include "lab/iam/iam.hpp"

#include <algorithm>
#include <array>

#include "lab/gate/service.hpp"
#include "lab/iam/access_keys.hpp"
#include "lab/iam/account_aliases.hpp"
#include "lab/iam/account_summary.hpp"
#include "lab/iam/authorization_details.hpp"
#include "lab/iam/boundaries.hpp"
#include "lab/iam/credential_report.hpp"
#include "lab/iam/groups.hpp"
#include "lab/iam/held_policies.hpp"
#include "lab/iam/login_profiles.hpp"
#include "lab/iam/managed_policies.hpp"
#include "lab/iam/mfa_devices.hpp"
#include "lab/iam/policy_versions.hpp"
#include "lab/iam/roles.hpp"
#include "lab/iam/simulation.hpp"
#include "lab/iam/tagging.hpp"
#include "lab/iam/users.hpp"

namespace keytide::lab::iam {
namespace {

struct Action {
    std::string_view name;
    ActionResult (*serve)(const Call&);
};

// An action that exists for users, groups and roles.
template <ActionResult (*serve)(const Call&, Holder), Holder holder>
ActionResult of(const Call& call) {
    return serve(call, holder);
}

constexpr auto user = Holder::user;
constexpr auto group = Holder::group;
constexpr auto role = Holder::role;

constexpr auto actions = std::to_array<Action>({
    {"CreateUser", create_user},
    {"GetUser", get_user},
    {"ListUsers", list_users},
    {"UpdateUser", update_user},
    {"DeleteUser", delete_user},

    {"CreateAccessKey", create_access_key},
    {"ListAccessKeys", list_access_keys},
    {"UpdateAccessKey", update_access_key},
    {"DeleteAccessKey", delete_access_key},
    {"GetAccessKeyLastUsed", get_access_key_last_used},

    {"CreateGroup", create_group},
    {"GetGroup", get_group},
    {"ListGroups", list_groups},
    {"UpdateGroup", update_group},
    {"DeleteGroup", delete_group},
    {"AddUserToGroup", add_user_to_group},
    {"RemoveUserFromGroup", remove_user_from_group},
    {"ListGroupsForUser", list_groups_for_user},

    {"CreateRole", create_role},
    {"GetRole", get_role},
    {"ListRoles", list_roles},
    {"UpdateRole", update_role},
    {"UpdateRoleDescription", update_role_description},
    {"UpdateAssumeRolePolicy", update_assume_role_policy},
    {"DeleteRole", delete_role},

    {"PutUserPolicy", of<put_policy, user>},
    {"GetUserPolicy", of<get_policy, user>},
    {"ListUserPolicies", of<list_policies, user>},
    {"DeleteUserPolicy", of<delete_policy, user>},
    {"PutGroupPolicy", of<put_policy, group>},
    {"GetGroupPolicy", of<get_policy, group>},
    {"ListGroupPolicies", of<list_policies, group>},
    {"DeleteGroupPolicy", of<delete_policy, group>},
    {"PutRolePolicy", of<put_policy, role>},
    {"GetRolePolicy", of<get_policy, role>},
    {"ListRolePolicies", of<list_policies, role>},
    {"DeleteRolePolicy", of<delete_policy, role>},

    {"CreatePolicy", create_managed_policy},
    {"GetPolicy", get_managed_policy},
    {"ListPolicies", list_managed_policies},
    {"DeletePolicy", delete_managed_policy},
    {"ListEntitiesForPolicy", list_entities_for_policy},
    {"CreatePolicyVersion", create_policy_version},
    {"GetPolicyVersion", get_policy_version},
    {"ListPolicyVersions", list_policy_versions},
    {"DeletePolicyVersion", delete_policy_version},
    {"SetDefaultPolicyVersion", set_default_policy_version},

    {"AttachUserPolicy", of<attach_policy, user>},
    {"DetachUserPolicy", of<detach_policy, user>},
    {"ListAttachedUserPolicies", of<list_attached_policies, user>},
    {"AttachGroupPolicy", of<attach_policy, group>},
    {"DetachGroupPolicy", of<detach_policy, group>},
    {"ListAttachedGroupPolicies", of<list_attached_policies, group>},
    {"AttachRolePolicy", of<attach_policy, role>},
    {"DetachRolePolicy", of<detach_policy, role>},
    {"ListAttachedRolePolicies", of<list_attached_policies, role>},

    {"PutUserPermissionsBoundary", put_user_permissions_boundary},
    {"DeleteUserPermissionsBoundary", delete_user_permissions_boundary},
    {"PutRolePermissionsBoundary", put_role_permissions_boundary},
    {"DeleteRolePermissionsBoundary", delete_role_permissions_boundary},

    {"TagUser", tag_user},
    {"UntagUser", untag_user},
    {"ListUserTags", list_user_tags},
    {"TagRole", tag_role},
    {"UntagRole", untag_role},
    {"ListRoleTags", list_role_tags},
    {"TagPolicy", tag_policy},
    {"UntagPolicy", untag_policy},
    {"ListPolicyTags", list_policy_tags},

    {"CreateVirtualMFADevice", create_virtual_mfa_device},
    {"EnableMFADevice", enable_mfa_device},
    {"DeactivateMFADevice", deactivate_mfa_device},
    {"ResyncMFADevice", resync_mfa_device},
    {"ListMFADevices", list_mfa_devices},
    {"ListVirtualMFADevices", list_virtual_mfa_devices},
    {"DeleteVirtualMFADevice", delete_virtual_mfa_device},

    {"CreateLoginProfile", create_login_profile},
    {"GetLoginProfile", get_login_profile},
    {"UpdateLoginProfile", update_login_profile},
    {"DeleteLoginProfile", delete_login_profile},
    {"ChangePassword", change_password},

    {"GetAccountSummary", get_account_summary},
    {"CreateAccountAlias", create_account_alias},
    {"DeleteAccountAlias", delete_account_alias},
    {"ListAccountAliases", list_account_aliases},

    {"GenerateCredentialReport", generate_credential_report},
    {"GetCredentialReport", get_credential_report},
    {"GetAccountAuthorizationDetails", get_account_authorization_details},

    {"SimulateCustomPolicy", simulate_custom_policy},
    {"SimulatePrincipalPolicy", simulate_principal_policy},
    {"GetContextKeysForCustomPolicy", get_context_keys_for_custom_policy},
    {"GetContextKeysForPrincipalPolicy", get_context_keys_for_principal_policy},
});

}  // namespace

// Sessions of GetSessionToken may call IAM only when they were got with MFA.
// https://docs.aws.amazon.com/STS/latest/APIReference/API_GetSessionToken.html
ActionResult serve(Account& account, const Caller& caller, const Parameters& parameters, Instant now,
                   const misbehaviour::Delays& replica) {
    if (caller.session && !caller.session->is_roles() && !caller.session->with_mfa)
        return refuse("InvalidClientTokenId", "The security token included in the request is invalid", 403);
    const auto name = parameters.get("Action");
    const auto found =
        std::find_if(actions.begin(), actions.end(), [&](const Action& one) { return one.name == name; });
    if (found == actions.end())
        return std::unexpected(unknown_action(name, gate::version_of(gate::Service::iam)));
    return found->serve({account, caller, parameters, now, replica});
}

}  // namespace keytide::lab::iam
