#include "lab/secretsmanager/secretsmanager.hpp"

#include <algorithm>
#include <array>

#include "lab/secretsmanager/secrets.hpp"
#include "lab/secretsmanager/values.hpp"

namespace keytide::lab::secretsmanager {
namespace {

struct Action {
    std::string_view name;
    JsonResult (*serve)(const Call&);
};

constexpr auto actions = std::to_array<Action>({
    {"CreateSecret", create_secret},
    {"UpdateSecret", update_secret},
    {"DescribeSecret", describe_secret},
    {"ListSecrets", list_secrets},
    {"DeleteSecret", delete_secret},
    {"RestoreSecret", restore_secret},
    {"TagResource", tag_resource},
    {"UntagResource", untag_resource},

    {"GetSecretValue", get_secret_value},
    {"PutSecretValue", put_secret_value},
    {"UpdateSecretVersionStage", update_secret_version_stage},
    {"ListSecretVersionIds", list_secret_version_ids},
});

}  // namespace

JsonResult serve(Account& account, const Caller& caller, std::string_view action, std::string_view body,
                 Instant now) {
    const auto found = std::ranges::find(actions, action, &Action::name);
    if (found == actions.end()) return std::unexpected(unknown_operation());
    JsonInput input(body);
    return found->serve({account, caller, input, now});
}

}  // namespace keytide::lab::secretsmanager
