#include "lab/iam/iam.hpp"

#include <array>

#include "lab/gate/service.hpp"
#include "lab/iam/access_keys.hpp"
#include "lab/iam/user_policies.hpp"
#include "lab/iam/users.hpp"

namespace keytide::lab::iam {
namespace {

struct Action {
    std::string_view name;
    ActionResult (*serve)(const Call&);
};

constexpr std::array<Action, 13> actions{{
    {"CreateUser", create_user},
    {"GetUser", get_user},
    {"ListUsers", list_users},
    {"DeleteUser", delete_user},
    {"CreateAccessKey", create_access_key},
    {"ListAccessKeys", list_access_keys},
    {"UpdateAccessKey", update_access_key},
    {"DeleteAccessKey", delete_access_key},
    {"GetAccessKeyLastUsed", get_access_key_last_used},
    {"PutUserPolicy", put_user_policy},
    {"GetUserPolicy", get_user_policy},
    {"ListUserPolicies", list_user_policies},
    {"DeleteUserPolicy", delete_user_policy},
}};

}  // namespace

ActionResult serve(Account& account, const Caller& caller, const Parameters& parameters, Instant now) {
    const auto name = parameters.get("Action");
    for (const auto& action : actions)
        if (action.name == name) return action.serve({account, caller, parameters, now});
    return std::unexpected(unknown_action(name, gate::version_of(gate::Service::iam)));
}

}  // namespace keytide::lab::iam
