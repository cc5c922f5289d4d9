// Every action of IAM asks for its own permission, on its own resource, and for no other.
#include "lab/iam/iam.hpp"

#include <gtest/gtest.h>

#include "lab/signed_call.hpp"

namespace keytide::lab {
namespace {

constexpr const char* allow_all = R"({"Statement":{"Effect":"Allow","Action":"*","Resource":"*"}})";

constexpr const char* small = R"({"Statement":{"Effect":"Deny","Action":"a:b","Resource":"*"}})";
constexpr const char* trust_account = R"({"Version":"2012-10-17","Statement":{"Effect":"Allow",
    "Principal":{"AWS":"123456789012"},"Action":"sts:AssumeRole"}})";
constexpr const char* policy = "arn:aws:iam::123456789012:policy/target";
constexpr const char* administrator = "arn:aws:iam::aws:policy/AdministratorAccess";
constexpr const char* device = "arn:aws:iam::123456789012:mfa/target";

struct Case {
    std::string_view action;
    std::vector<std::pair<std::string_view, std::string_view>>
        fields;            // "KEY" stands for the target's key id
    std::string resource;  // as policies name it
    std::string words;     // as the refusal names it
};

void PrintTo(const Case& one, std::ostream* out) {
    *out << one.action;
}

class EachAction : public ::testing::TestWithParam<Case> {
protected:
    void SetUp() override {
        for (const char* name : {"target", "caller"})
            ASSERT_EQ(root.iam("CreateUser", {{"UserName", name}}).status(), 200);
        put_policy("target", "p", allow_all);
        const auto prepare = [&](std::string_view action, Fields fields) {
            ASSERT_EQ(root.iam(action, fields).status(), 200) << action;
        };
        prepare("CreateGroup", {{"GroupName", "target"}});
        prepare("PutGroupPolicy",
                {{"GroupName", "target"}, {"PolicyName", "p"}, {"PolicyDocument", allow_all}});
        prepare("CreateRole", {{"RoleName", "target"}, {"AssumeRolePolicyDocument", trust_account}});
        prepare("PutRolePolicy",
                {{"RoleName", "target"}, {"PolicyName", "p"}, {"PolicyDocument", allow_all}});
        prepare("CreatePolicy", {{"PolicyName", "target"}, {"PolicyDocument", allow_all}});
        prepare("CreatePolicyVersion", {{"PolicyArn", policy}, {"PolicyDocument", allow_all}});
        prepare("AttachRolePolicy", {{"RoleName", "target"}, {"PolicyArn", administrator}});
        prepare("CreateVirtualMFADevice", {{"VirtualMFADeviceName", "target"}});
        target_key_id = created_key(root.iam("CreateAccessKey", {{"UserName", "target"}})).id.text();
        caller.emplace(Client{lab, created_key(root.iam("CreateAccessKey", {{"UserName", "caller"}}))});
    }
    void put_policy(std::string_view user, std::string_view name, std::string_view document) {
        const auto put = root.iam("PutUserPolicy",
                                  {{"UserName", user}, {"PolicyName", name}, {"PolicyDocument", document}});
        ASSERT_EQ(put.status(), 200) << put.reply.body;
    }
    Answer ask() {
        auto request = query_request("iam", GetParam().action);
        for (const auto& [name, value] : GetParam().fields) {
            request.body.append("&").append(name).append("=");
            signature::append_encoded(request.body, value == "KEY" ? target_key_id : value);
        }
        sign(request, caller->key, "iam", noon);
        return {lab.handle(request, noon)};
    }

    Lab lab = example_lab();
    Client root = root_of(lab);
    std::string target_key_id;
    std::optional<Client> caller;
};

TEST_P(EachAction, IsRefusedWithoutItsPermission) {
    const auto& [action, fields, resource, words] = GetParam();
    // All rights but this one, and this one on everything else.
    put_policy("caller", "p",
               R"({"Statement":[{"Effect":"Allow","NotAction":"iam:)" + std::string(action) +
                   R"(","Resource":"*"},{"Effect":"Allow","Action":"*","NotResource":")" + resource +
                   R"("}]})");
    const auto refused = ask();
    EXPECT_EQ(refused.status(), 403);
    EXPECT_EQ(refused.code(), "AccessDenied");
    const auto named = words == "access key" ? words + " " + target_key_id : words;
    EXPECT_EQ(refused.message(),
              "User: arn:aws:iam::123456789012:user/caller is not authorized to perform: iam:" +
                  std::string(action) + " on resource: " + named +
                  " because no identity-based policy allows the iam:" + std::string(action) + " action");
}

TEST_P(EachAction, NeedsNoOther) {
    const auto& [action, fields, resource, words] = GetParam();
    put_policy("caller", "p",
               R"({"Statement":{"Effect":"Allow","Action":"iam:)" + std::string(action) +
                   R"(","Resource":")" + resource + R"("}})");
    const auto answer = ask();
    if (action == "DeleteUser" || action == "DeleteGroup" || action == "DeleteRole" ||
        action == "DeletePolicy")
        EXPECT_EQ(answer.code(), "DeleteConflict");  // permitted, but it has a key, policies, versions
    else if (action == "EnableMFADevice")
        EXPECT_EQ(answer.code(), "InvalidAuthenticationCode");
    else if (action == "GetCredentialReport")
        EXPECT_EQ(answer.code(), "ReportNotPresent");
    else if (action == "DeactivateMFADevice" || action == "ResyncMFADevice" || action == "DetachUserPolicy" ||
             action == "DetachGroupPolicy" || action == "GetLoginProfile" || action == "UpdateLoginProfile" ||
             action == "DeleteLoginProfile" || action == "DeleteAccountAlias")
        EXPECT_EQ(answer.code(), "NoSuchEntity");  // nothing to take away
    else
        EXPECT_EQ(answer.status(), 200) << answer.reply.body;
}

const std::string target = "arn:aws:iam::123456789012:user/target";
const std::string group = "arn:aws:iam::123456789012:group/target";
const std::string role = "arn:aws:iam::123456789012:role/target";

INSTANTIATE_TEST_SUITE_P(
    Iam, EachAction,
    ::testing::Values(
        Case{"CreateUser",
             {{"UserName", "new"}},
             "arn:aws:iam::123456789012:user/new",
             "arn:aws:iam::123456789012:user/new"},
        Case{"CreateUser",
             {{"UserName", "new"}, {"Path", "/team/"}},
             "arn:aws:iam::123456789012:user/team/new",
             "arn:aws:iam::123456789012:user/team/new"},
        Case{"GetUser", {{"UserName", "target"}}, target, "user target"},
        Case{"ListUsers", {}, "arn:aws:iam::123456789012:user/", "arn:aws:iam::123456789012:user/"},
        Case{"DeleteUser", {{"UserName", "target"}}, target, "user target"},
        Case{"CreateAccessKey", {{"UserName", "target"}}, target, "user target"},
        Case{"ListAccessKeys", {{"UserName", "target"}}, target, "user target"},
        Case{"UpdateAccessKey",
             {{"UserName", "target"}, {"AccessKeyId", "KEY"}, {"Status", "Inactive"}},
             target,
             "user target"},
        Case{"DeleteAccessKey", {{"UserName", "target"}, {"AccessKeyId", "KEY"}}, target, "user target"},
        Case{"GetAccessKeyLastUsed", {{"AccessKeyId", "KEY"}}, target, "access key"},
        Case{"PutUserPolicy",
             {{"UserName", "target"}, {"PolicyName", "q"}, {"PolicyDocument", small}},
             target,
             "user target"},
        Case{"GetUserPolicy", {{"UserName", "target"}, {"PolicyName", "p"}}, target, "user target"},
        Case{"ListUserPolicies", {{"UserName", "target"}}, target, "user target"},
        Case{"DeleteUserPolicy", {{"UserName", "target"}, {"PolicyName", "p"}}, target, "user target"}),
    [](const auto& one) { return std::string(one.param.action) + std::to_string(one.index); });

INSTANTIATE_TEST_SUITE_P(
    IamPolicies, EachAction,
    ::testing::Values(
        Case{"UpdateUser", {{"UserName", "target"}}, target, "user target"},
        Case{"AttachUserPolicy",
             {{"UserName", "target"}, {"PolicyArn", administrator}},
             target,
             "user target"},
        Case{"DetachUserPolicy",
             {{"UserName", "target"}, {"PolicyArn", administrator}},
             target,
             "user target"},
        Case{"ListAttachedUserPolicies", {{"UserName", "target"}}, target, "user target"},
        Case{"PutUserPermissionsBoundary",
             {{"UserName", "target"}, {"PermissionsBoundary", administrator}},
             target,
             "user target"},
        Case{"DeleteUserPermissionsBoundary", {{"UserName", "target"}}, target, "user target"},
        Case{"TagUser",
             {{"UserName", "target"}, {"Tags.member.1.Key", "k"}, {"Tags.member.1.Value", "v"}},
             target,
             "user target"},
        Case{"UntagUser", {{"UserName", "target"}, {"TagKeys.member.1", "k"}}, target, "user target"},
        Case{"ListUserTags", {{"UserName", "target"}}, target, "user target"},
        Case{"PutGroupPolicy",
             {{"GroupName", "target"}, {"PolicyName", "q"}, {"PolicyDocument", small}},
             group,
             "group target"},
        Case{"GetGroupPolicy", {{"GroupName", "target"}, {"PolicyName", "p"}}, group, "group target"},
        Case{"ListGroupPolicies", {{"GroupName", "target"}}, group, "group target"},
        Case{"DeleteGroupPolicy", {{"GroupName", "target"}, {"PolicyName", "p"}}, group, "group target"},
        Case{"GetGroup", {{"GroupName", "target"}}, group, "group target"},
        Case{"DeleteGroup", {{"GroupName", "target"}}, group, "group target"},
        Case{"AttachGroupPolicy",
             {{"GroupName", "target"}, {"PolicyArn", administrator}},
             group,
             "group target"},
        Case{"DetachGroupPolicy",
             {{"GroupName", "target"}, {"PolicyArn", administrator}},
             group,
             "group target"},
        Case{"ListAttachedGroupPolicies", {{"GroupName", "target"}}, group, "group target"},
        Case{"PutRolePolicy",
             {{"RoleName", "target"}, {"PolicyName", "q"}, {"PolicyDocument", small}},
             role,
             "role target"},
        Case{"GetRolePolicy", {{"RoleName", "target"}, {"PolicyName", "p"}}, role, "role target"},
        Case{"ListRolePolicies", {{"RoleName", "target"}}, role, "role target"},
        Case{"DeleteRolePolicy", {{"RoleName", "target"}, {"PolicyName", "p"}}, role, "role target"},
        Case{"GetRole", {{"RoleName", "target"}}, role, "role target"},
        Case{"DeleteRole", {{"RoleName", "target"}}, role, "role target"},
        Case{"AttachRolePolicy", {{"RoleName", "target"}, {"PolicyArn", administrator}}, role, "role target"},
        Case{"DetachRolePolicy", {{"RoleName", "target"}, {"PolicyArn", administrator}}, role, "role target"},
        Case{"ListAttachedRolePolicies", {{"RoleName", "target"}}, role, "role target"},
        Case{"PutRolePermissionsBoundary",
             {{"RoleName", "target"}, {"PermissionsBoundary", administrator}},
             role,
             "role target"},
        Case{"DeleteRolePermissionsBoundary", {{"RoleName", "target"}}, role, "role target"},
        Case{"TagRole",
             {{"RoleName", "target"}, {"Tags.member.1.Key", "k"}, {"Tags.member.1.Value", "v"}},
             role,
             "role target"},
        Case{"UntagRole", {{"RoleName", "target"}, {"TagKeys.member.1", "k"}}, role, "role target"}),
    [](const auto& one) { return std::string(one.param.action) + std::to_string(one.index); });

INSTANTIATE_TEST_SUITE_P(
    IamEntities, EachAction,
    ::testing::Values(
        Case{"ListRoleTags", {{"RoleName", "target"}}, role, "role target"},
        Case{"CreateGroup",
             {{"GroupName", "new"}},
             "arn:aws:iam::123456789012:group/new",
             "arn:aws:iam::123456789012:group/new"},
        Case{"ListGroups", {}, "arn:aws:iam::123456789012:group/", "arn:aws:iam::123456789012:group/"},
        Case{"UpdateGroup", {{"GroupName", "target"}}, group, "group target"},
        Case{"AddUserToGroup", {{"GroupName", "target"}, {"UserName", "target"}}, group, "group target"},
        Case{"RemoveUserFromGroup", {{"GroupName", "target"}, {"UserName", "target"}}, group, "group target"},
        Case{"ListGroupsForUser", {{"UserName", "target"}}, target, "user target"},
        Case{"CreateRole",
             {{"RoleName", "new"}, {"AssumeRolePolicyDocument", trust_account}},
             "arn:aws:iam::123456789012:role/new",
             "arn:aws:iam::123456789012:role/new"},
        Case{"ListRoles", {}, "arn:aws:iam::123456789012:role/", "arn:aws:iam::123456789012:role/"},
        Case{"UpdateRole", {{"RoleName", "target"}}, role, "role target"},
        Case{"UpdateRoleDescription", {{"RoleName", "target"}, {"Description", "d"}}, role, "role target"},
        Case{"UpdateAssumeRolePolicy",
             {{"RoleName", "target"}, {"PolicyDocument", trust_account}},
             role,
             "role target"},
        Case{"CreatePolicy",
             {{"PolicyName", "new"}, {"PolicyDocument", small}},
             "arn:aws:iam::123456789012:policy/new",
             "policy new"},
        Case{"GetPolicy", {{"PolicyArn", policy}}, policy, "policy " + std::string(policy)},
        Case{"DeletePolicy", {{"PolicyArn", policy}}, policy, "policy " + std::string(policy)},
        Case{"ListEntitiesForPolicy", {{"PolicyArn", policy}}, policy, "policy " + std::string(policy)},
        Case{"CreatePolicyVersion",
             {{"PolicyArn", policy}, {"PolicyDocument", small}},
             policy,
             "policy " + std::string(policy)},
        Case{"GetPolicyVersion",
             {{"PolicyArn", policy}, {"VersionId", "v1"}},
             policy,
             "policy " + std::string(policy)},
        Case{"ListPolicyVersions", {{"PolicyArn", policy}}, policy, "policy " + std::string(policy)},
        Case{"DeletePolicyVersion",
             {{"PolicyArn", policy}, {"VersionId", "v2"}},
             policy,
             "policy " + std::string(policy)},
        Case{"SetDefaultPolicyVersion",
             {{"PolicyArn", policy}, {"VersionId", "v2"}},
             policy,
             "policy " + std::string(policy)},
        Case{"TagPolicy",
             {{"PolicyArn", policy}, {"Tags.member.1.Key", "k"}, {"Tags.member.1.Value", "v"}},
             policy,
             "policy " + std::string(policy)},
        Case{"UntagPolicy",
             {{"PolicyArn", policy}, {"TagKeys.member.1", "k"}},
             policy,
             "policy " + std::string(policy)},
        Case{"ListPolicyTags", {{"PolicyArn", policy}}, policy, "policy " + std::string(policy)},
        Case{"CreateVirtualMFADevice",
             {{"VirtualMFADeviceName", "new"}},
             "arn:aws:iam::123456789012:mfa/new",
             "arn:aws:iam::123456789012:mfa/new"},
        Case{"ListVirtualMFADevices", {}, "arn:aws:iam::123456789012:mfa/", "arn:aws:iam::123456789012:mfa/"},
        Case{"DeleteVirtualMFADevice", {{"SerialNumber", device}}, device, device},
        Case{"EnableMFADevice",
             {{"UserName", "target"},
              {"SerialNumber", device},
              {"AuthenticationCode1", "123456"},
              {"AuthenticationCode2", "123456"}},
             target,
             "user target"},
        Case{
            "DeactivateMFADevice", {{"UserName", "target"}, {"SerialNumber", device}}, target, "user target"},
        Case{"ResyncMFADevice",
             {{"UserName", "target"},
              {"SerialNumber", device},
              {"AuthenticationCode1", "123456"},
              {"AuthenticationCode2", "123456"}},
             target,
             "user target"},
        Case{"ListMFADevices", {{"UserName", "target"}}, target, "user target"}),
    [](const auto& one) { return std::string(one.param.action) + std::to_string(one.index); });

INSTANTIATE_TEST_SUITE_P(
    IamAccount, EachAction,
    ::testing::Values(
        Case{"CreateLoginProfile",
             {{"UserName", "target"}, {"Password", "Secret-phrase-1"}},
             target,
             "user target"},
        Case{"GetLoginProfile", {{"UserName", "target"}}, target, "user target"},
        Case{"UpdateLoginProfile", {{"UserName", "target"}}, target, "user target"},
        Case{"DeleteLoginProfile", {{"UserName", "target"}}, target, "user target"},
        Case{"GetAccountSummary", {}, "*", "*"},
        Case{"CreateAccountAlias", {{"AccountAlias", "acme"}}, "*", "*"},
        Case{"DeleteAccountAlias", {{"AccountAlias", "acme"}}, "*", "*"},
        Case{"ListAccountAliases", {}, "*", "*"}, Case{"GenerateCredentialReport", {}, "*", "*"},
        Case{"GetCredentialReport", {}, "*", "*"}, Case{"GetAccountAuthorizationDetails", {}, "*", "*"},
        Case{"SimulateCustomPolicy",
             {{"PolicyInputList.member.1", small}, {"ActionNames.member.1", "s3:GetObject"}},
             "*",
             "*"},
        Case{"SimulatePrincipalPolicy",
             {{"PolicySourceArn", target}, {"ActionNames.member.1", "s3:GetObject"}},
             target,
             target},
        Case{"GetContextKeysForCustomPolicy", {{"PolicyInputList.member.1", small}}, "*", "*"},
        Case{"GetContextKeysForPrincipalPolicy", {{"PolicySourceArn", target}}, target, target}),
    [](const auto& one) { return std::string(one.param.action) + std::to_string(one.index); });

}  // namespace
}  // namespace keytide::lab
