#include "lab/iam/boundaries.hpp"

#include "lab/constraints.hpp"

namespace keytide::lab::iam {
namespace {

struct Kind {
    Holder holder;
    std::string_view parameter, member;
};
constexpr Kind user{Holder::user, "UserName", "userName"};
constexpr Kind role{Holder::role, "RoleName", "roleName"};

Outcome<const ManagedPolicy**> boundary_of(const Call& call, const Kind& kind) {
    auto name = call.required_name(kind.parameter, kind.member, 64);
    if (!name) return std::unexpected(name.error());
    if (kind.holder == Holder::user) {
        auto found = call.account.users().named(*name);
        if (!found) return std::unexpected(found.error());
        return &(*found)->boundary;
    }
    auto found = call.account.roles().named(*name);
    if (!found) return std::unexpected(found.error());
    return &(*found)->boundary;
}

// The condition key is the boundary that shall be, not the one that is.
ActionResult put(const Call& call, const Kind& kind, std::string_view action) {
    auto target = call.target(kind.holder, call.parameters.get(kind.parameter));
    target.keys.clear();
    if (auto allowed = call.authorise(action, call.with_boundary(std::move(target))); !allowed)
        return std::unexpected(allowed.error());
    auto arn = call.required("PermissionsBoundary", "permissionsBoundary");
    if (!arn) return std::unexpected(arn.error());
    if (auto valid = check_policy_arn("permissionsBoundary", *arn); !valid)
        return std::unexpected(valid.error());
    auto held = boundary_of(call, kind);
    if (!held) return std::unexpected(held.error());
    auto wanted = call.account.boundary_named(*arn);
    if (!wanted) return std::unexpected(wanted.error());
    call.account.set_boundary(**held, *wanted);
    return no_result();
}

ActionResult erase(const Call& call, const Kind& kind, std::string_view action) {
    const auto target = call.target(kind.holder, call.parameters.get(kind.parameter));
    if (auto allowed = call.authorise(action, target); !allowed) return std::unexpected(allowed.error());
    auto held = boundary_of(call, kind);
    if (!held) return std::unexpected(held.error());
    call.account.set_boundary(**held, nullptr);
    return no_result();
}

}  // namespace

ActionResult put_user_permissions_boundary(const Call& call) {
    return put(call, user, "iam:PutUserPermissionsBoundary");
}
ActionResult delete_user_permissions_boundary(const Call& call) {
    return erase(call, user, "iam:DeleteUserPermissionsBoundary");
}
ActionResult put_role_permissions_boundary(const Call& call) {
    return put(call, role, "iam:PutRolePermissionsBoundary");
}
ActionResult delete_role_permissions_boundary(const Call& call) {
    return erase(call, role, "iam:DeleteRolePermissionsBoundary");
}

}  // namespace keytide::lab::iam
