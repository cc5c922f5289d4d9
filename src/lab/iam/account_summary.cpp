#include "lab/iam/account_summary.hpp"

#include <algorithm>

#include "lab/xml.hpp"

namespace keytide::lab::iam {
namespace {

void append(XmlWriter& xml, std::string_view key, std::size_t value) {
    xml.open("entry").leaf("key", key).leaf("value", std::to_string(value)).close("entry");
}

std::size_t versions_in_use(const Account& account) {
    std::size_t count = 0;
    for (const auto& [name, policy] : account.policies().by_name()) count += policy.versions.size();
    return count;
}

std::size_t devices_in_use(const Account& account) {
    const auto& devices = account.mfa_devices().by_serial();
    return std::size_t(std::count_if(devices.begin(), devices.end(),
                                     [](const auto& one) { return !one.second.owner.empty(); }));
}

// What the lab has none of.
constexpr std::pair<std::string_view, std::size_t> others[] = {
    {"AccountMFAEnabled", 0},
    {"AccountPasswordPresent", 1},
    {"AccountSigningCertificatesPresent", 0},
    {"GlobalEndpointTokenVersion", 1},
    {"InstanceProfiles", 0},
    {"InstanceProfilesQuota", 1000},
    {"PolicyVersionsInUseQuota", 10'000},
    {"Providers", 0},
    {"ServerCertificates", 0},
    {"ServerCertificatesQuota", 20},
    {"SigningCertificatesPerUserQuota", 2},
};

}  // namespace

ActionResult get_account_summary(const Call& call) {
    if (auto allowed = call.authorise("iam:GetAccountSummary", gate::by_arn("*")); !allowed)
        return std::unexpected(allowed.error());
    const auto& account = call.account;
    const auto& quotas = account.quotas();
    XmlWriter xml;
    xml.open("SummaryMap");
    append(xml, "Users", account.users().by_name().size());
    append(xml, "UsersQuota", quotas.users);
    append(xml, "Groups", account.groups().by_name().size());
    append(xml, "GroupsQuota", quotas.groups);
    append(xml, "Roles", account.roles().by_name().size());
    append(xml, "RolesQuota", quotas.roles);
    append(xml, "Policies", account.policies().by_name().size());
    append(xml, "PoliciesQuota", quotas.policies);
    append(xml, "PolicyVersionsInUse", versions_in_use(account));
    append(xml, "VersionsPerPolicyQuota", versions_per_policy);
    append(xml, "MFADevices", account.mfa_devices().by_serial().size());
    append(xml, "MFADevicesInUse", devices_in_use(account));
    append(xml, "AccountAccessKeysPresent", account.access_keys("")->empty() ? 0 : 1);
    append(xml, "AccessKeysPerUserQuota", access_keys_per_user);
    append(xml, "GroupsPerUserQuota", groups_per_user);
    append(xml, "AttachedPoliciesPerUserQuota", attached_policies_per_holder);
    append(xml, "AttachedPoliciesPerGroupQuota", attached_policies_per_holder);
    append(xml, "AttachedPoliciesPerRoleQuota", attached_policies_per_holder);
    append(xml, "PolicySizeQuota", managed_policy_size);
    append(xml, "AssumeRolePolicySizeQuota", trust_policy_size);
    append(xml, "UserPolicySizeQuota", iam_policy::user_policies_limit);
    append(xml, "GroupPolicySizeQuota", group_policies_size);
    append(xml, "RolePolicySizeQuota", role_policies_size);
    for (const auto& [key, value] : others) append(xml, key, value);
    return xml.close("SummaryMap").take();
}

}  // namespace keytide::lab::iam
