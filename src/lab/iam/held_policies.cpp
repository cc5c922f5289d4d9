#include "lab/iam/held_policies.hpp"

#include <fmt/format.h>

#include "lab/constraints.hpp"
#include "lab/iam/elements.hpp"

namespace keytide::lab::iam {
namespace {

struct Names {
    std::string_view kind;       // User, as it stands in the names of actions
    std::string_view parameter;  // UserName
    std::string_view member;     // userName
    std::size_t longest;         // of a name
};

Names names_of(Holder holder) {
    switch (holder) {
        case Holder::user: return {"User", "UserName", "userName", 128};
        case Holder::group: return {"Group", "GroupName", "groupName", 128};
        case Holder::role: return {"Role", "RoleName", "roleName", 64};
    }
    return {};
}

std::string action(std::string_view verb, Holder holder, std::string_view noun) {
    return fmt::format("iam:{}{}{}", verb, names_of(holder).kind, noun);
}

gate::Target target(const Call& call, Holder holder) {
    return call.target(holder, call.parameters.get(names_of(holder).parameter));
}

struct Held {
    std::string_view name;
    InlinePolicies* policies;
    AttachedPolicies* attached;
};

template <class Entity>
Outcome<Held> held(Outcome<Entity*> entity) {
    if (!entity) return std::unexpected(entity.error());
    return Held{(*entity)->name, &(*entity)->policies, &(*entity)->attached};
}

Outcome<Held> find_held(const Call& call, Holder holder) {
    const auto name = call.parameters.get(names_of(holder).parameter);
    switch (holder) {
        case Holder::user: return held(call.account.users().named(name));
        case Holder::group: return held(call.account.groups().named(name));
        case Holder::role: return held(call.account.roles().named(name));
    }
    return Held{};
}

Outcome<void> check_holder(const Call& call, Holder holder) {
    const auto names = names_of(holder);
    auto name = call.required_name(names.parameter, names.member, names.longest);
    return name ? Outcome<void>{} : std::unexpected(name.error());
}

// Authorised on the holder, which is given, and so is the policy's name.
Outcome<std::string_view> admit(const Call& call, Holder holder, std::string_view verb) {
    if (auto allowed = call.authorise(action(verb, holder, "Policy"), target(call, holder)); !allowed)
        return std::unexpected(allowed.error());
    if (auto valid = check_holder(call, holder); !valid) return std::unexpected(valid.error());
    return call.required_name("PolicyName", "policyName");
}

// For the managed policy of that ARN: it is a condition key of the permission.
Outcome<std::string_view> admit_managed(const Call& call, Holder holder, std::string_view verb) {
    auto on = target(call, holder);
    on.keys.push_back({"iam:policyarn", {std::string(call.parameters.get("PolicyArn"))}});
    if (auto allowed = call.authorise(action(verb, holder, "Policy"), on); !allowed)
        return std::unexpected(allowed.error());
    if (auto valid = check_holder(call, holder); !valid) return std::unexpected(valid.error());
    return call.required_policy_arn();
}

}  // namespace

ActionResult put_policy(const Call& call, Holder holder) {
    auto name = admit(call, holder, "Put");
    if (!name) return std::unexpected(name.error());
    auto document = call.required("PolicyDocument", "policyDocument");
    if (!document) return std::unexpected(document.error());
    auto found = find_held(call, holder);
    if (!found) return std::unexpected(found.error());
    if (auto put = found->policies->put(*name, *document, found->name); !put)
        return std::unexpected(put.error());
    return no_result();
}

ActionResult get_policy(const Call& call, Holder holder) {
    auto name = admit(call, holder, "Get");
    if (!name) return std::unexpected(name.error());
    auto found = find_held(call, holder);
    if (!found) return std::unexpected(found.error());
    auto policy = found->policies->named(*name);
    if (!policy) return std::unexpected(policy.error());
    XmlWriter xml;
    xml.leaf(names_of(holder).parameter, found->name).leaf("PolicyName", *name);
    append_document(xml, "PolicyDocument", (*policy)->text);
    return xml.take();
}

ActionResult list_policies(const Call& call, Holder holder) {
    if (auto allowed = call.authorise(action("List", holder, "Policies"), target(call, holder)); !allowed)
        return std::unexpected(allowed.error());
    if (auto valid = check_holder(call, holder); !valid) return std::unexpected(valid.error());
    auto found = find_held(call, holder);
    if (!found) return std::unexpected(found.error());
    std::vector<std::string> names;
    for (const auto& [name, policy] : found->policies->by_name()) names.push_back(name);
    return paged(call, "PolicyNames", std::move(names),
                 [](XmlWriter& xml, const std::string& name) { xml.text(name); });
}

ActionResult delete_policy(const Call& call, Holder holder) {
    auto name = admit(call, holder, "Delete");
    if (!name) return std::unexpected(name.error());
    auto found = find_held(call, holder);
    if (!found) return std::unexpected(found.error());
    if (auto erased = found->policies->erase(*name); !erased) return std::unexpected(erased.error());
    return no_result();
}

ActionResult attach_policy(const Call& call, Holder holder) {
    auto arn = admit_managed(call, holder, "Attach");
    if (!arn) return std::unexpected(arn.error());
    auto found = find_held(call, holder);
    if (!found) return std::unexpected(found.error());
    if (auto attached = call.account.attach_policy(*found->attached, *arn); !attached)
        return std::unexpected(attached.error());
    return no_result();
}

ActionResult detach_policy(const Call& call, Holder holder) {
    auto arn = admit_managed(call, holder, "Detach");
    if (!arn) return std::unexpected(arn.error());
    auto found = find_held(call, holder);
    if (!found) return std::unexpected(found.error());
    if (auto detached = call.account.detach_policy(*found->attached, *arn); !detached)
        return std::unexpected(detached.error());
    return no_result();
}

ActionResult list_attached_policies(const Call& call, Holder holder) {
    if (auto allowed = call.authorise(action("ListAttached", holder, "Policies"), target(call, holder));
        !allowed)
        return std::unexpected(allowed.error());
    if (auto valid = check_holder(call, holder); !valid) return std::unexpected(valid.error());
    const auto prefix = call.parameters.get("PathPrefix", "/");
    if (auto valid = check_path_prefix(prefix); !valid) return std::unexpected(valid.error());
    auto found = find_held(call, holder);
    if (!found) return std::unexpected(found.error());
    std::vector<std::string> arns;
    for (const auto* policy : found->attached->all())
        if (policy->path.starts_with(prefix)) arns.push_back(policy->arn);
    return paged(call, "AttachedPolicies", std::move(arns), [&](XmlWriter& xml, const std::string& arn) {
        xml.leaf("PolicyName", call.account.find_policy(arn)->name).leaf("PolicyArn", arn);
    });
}

}  // namespace keytide::lab::iam
