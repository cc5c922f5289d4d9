#include "lab/iam/authorization_details.hpp"

#include <algorithm>
#include <array>

#include "lab/iam/elements.hpp"
#include "lab/iam/paging.hpp"
#include "lab/xml.hpp"

namespace keytide::lab::iam {
namespace {

// In the order of the pages. The letter begins the markers.
enum class Kind : char { user = 'a', group = 'b', role = 'c', own_policy = 'd', aws_policy = 'e' };

struct Filter {
    std::string_view name;
    Kind kind;
};
constexpr std::array<Filter, 5> filters{{{"User", Kind::user},
                                         {"Group", Kind::group},
                                         {"Role", Kind::role},
                                         {"LocalManagedPolicy", Kind::own_policy},
                                         {"AWSManagedPolicy", Kind::aws_policy}}};

Outcome<std::vector<Kind>> wanted_kinds(const Call& call) {
    const auto names = call.parameters.list("Filter.member");
    for (const auto& name : names)
        if (std::none_of(filters.begin(), filters.end(), [&](const Filter& one) { return one.name == name; }))
            return std::unexpected(constraint_violated(
                "filter",
                "Member must satisfy constraint: [Member must satisfy enum value set: [Role, "
                "AWSManagedPolicy, User, LocalManagedPolicy, Group]]"));
    std::vector<Kind> kinds;
    for (const auto& [name, kind] : filters)
        if (names.empty() || std::find(names.begin(), names.end(), name) != names.end())
            kinds.push_back(kind);
    return kinds;
}

void append_policies(XmlWriter& xml, std::string_view list, const InlinePolicies& policies) {
    xml.open(list);
    for (const auto& [name, document] : policies.by_name()) {
        xml.open("member").leaf("PolicyName", name);
        append_document(xml, "PolicyDocument", document.text);
        xml.close("member");
    }
    xml.close(list);
}

void append_attached(XmlWriter& xml, const AttachedPolicies& attached) {
    xml.open("AttachedManagedPolicies");
    for (const auto* policy : attached.all())
        xml.open("member").leaf("PolicyName", policy->name).leaf("PolicyArn", policy->arn).close("member");
    xml.close("AttachedManagedPolicies");
}

void append(XmlWriter& xml, const Call&, const User& user) {
    append_user(xml, user, Detail::whole);
    append_policies(xml, "UserPolicyList", user.policies);
    xml.open("GroupList");
    for (const auto* group : user.groups) xml.leaf("member", group->name);
    xml.close("GroupList");
    append_attached(xml, user.attached);
}

void append(XmlWriter& xml, const Call&, const Group& group) {
    append_group(xml, group);
    append_policies(xml, "GroupPolicyList", group.policies);
    append_attached(xml, group.attached);
}

void append(XmlWriter& xml, const Call&, const Role& role) {
    xml.leaf("Path", role.path).leaf("RoleName", role.name).leaf("RoleId", role.id).leaf("Arn", role.arn);
    xml.leaf("CreateDate", to_rfc3339(role.created));
    append_document(xml, "AssumeRolePolicyDocument", role.trust.document.text);
    xml.open("InstanceProfileList").close("InstanceProfileList");
    append_policies(xml, "RolePolicyList", role.policies);
    append_attached(xml, role.attached);
    append_boundary(xml, role.boundary);
    append_tags(xml, role.tags);
    append_last_used(xml, role);
}

void append(XmlWriter& xml, const Call& call, const ManagedPolicy& policy) {
    append_managed_policy(xml, call.account, policy, Detail::listed);
    if (!policy.description.empty()) xml.leaf("Description", policy.description);
    xml.open("PolicyVersionList");
    for (auto version = policy.versions.rbegin(); version != policy.versions.rend(); ++version) {
        xml.open("member");
        append_document(xml, "Document", version->document.text);
        xml.leaf("VersionId", version->id).leaf("IsDefaultVersion", version->id == policy.default_version);
        xml.leaf("CreateDate", to_rfc3339(version->created)).close("member");
    }
    xml.close("PolicyVersionList");
}

const ManagedPolicy& pointed_at(const ManagedPolicy* policy) {
    return *policy;
}
template <class Entity>
const Entity& pointed_at(const Entity& entity) {
    return entity;
}

class Details {
public:
    Details(const Call& call, std::string last_seen, std::size_t items)
        : call_(call), last_seen_(std::move(last_seen)), room_(items) {}

    void add_all_of(Kind kind) {
        const auto& account = call_.account;
        switch (kind) {
            case Kind::user: return add(kind, account.users().by_name(), users_);
            case Kind::group: return add(kind, account.groups().by_name(), groups_);
            case Kind::role: return add(kind, account.roles().by_name(), roles_);
            case Kind::own_policy: return add(kind, account.policies().by_name(), policies_);
            case Kind::aws_policy: return add(kind, account.aws_policies_in_use(), policies_);
        }
    }

    std::string take() {
        XmlWriter xml;
        xml.open("UserDetailList").raw(users_.take()).close("UserDetailList");
        xml.open("GroupDetailList").raw(groups_.take()).close("GroupDetailList");
        xml.open("RoleDetailList").raw(roles_.take()).close("RoleDetailList");
        xml.open("Policies").raw(policies_.take()).close("Policies");
        xml.leaf("IsTruncated", is_truncated_);
        if (is_truncated_) xml.leaf("Marker", to_marker(last_seen_));
        return xml.take();
    }

private:
    template <class Table>
    void add(Kind kind, const Table& by_name, XmlWriter& xml) {
        if (is_truncated_ || (!last_seen_.empty() && last_seen_.front() > char(kind))) return;
        const bool goes_on = !last_seen_.empty() && last_seen_.front() == char(kind);
        auto entry = goes_on ? by_name.upper_bound(last_seen_.substr(1)) : by_name.begin();
        for (; entry != by_name.end(); ++entry) {
            if (room_ == 0) {
                is_truncated_ = true;
                return;
            }
            xml.open("member");
            append(xml, call_, pointed_at(entry->second));
            xml.close("member");
            last_seen_ = char(kind);
            last_seen_ += entry->first;
            --room_;
        }
    }

    const Call& call_;
    std::string last_seen_;  // the kind's letter, and the name
    std::size_t room_;
    bool is_truncated_ = false;
    XmlWriter users_, groups_, roles_, policies_;
};

}  // namespace

ActionResult get_account_authorization_details(const Call& call) {
    if (auto allowed = call.authorise("iam:GetAccountAuthorizationDetails", gate::by_arn("*")); !allowed)
        return std::unexpected(allowed.error());
    const auto kinds = wanted_kinds(call);
    if (!kinds) return std::unexpected(kinds.error());
    const auto items = items_of(call.parameters);
    if (!items) return std::unexpected(items.error());
    const auto last_seen = last_seen_of(call.parameters);
    if (!last_seen) return std::unexpected(last_seen.error());
    Details details(call, last_seen->value_or(""), *items);
    for (const auto kind : *kinds) details.add_all_of(kind);
    return details.take();
}

}  // namespace keytide::lab::iam
