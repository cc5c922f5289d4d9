#include "lab/ssm/ssm.hpp"

#include <algorithm>
#include <array>

#include "lab/ssm/parameters.hpp"
#include "lab/ssm/tagging.hpp"

namespace keytide::lab::ssm {
namespace {

struct Action {
    std::string_view name;
    JsonResult (*serve)(const Call&);
};

constexpr auto actions = std::to_array<Action>({
    {"PutParameter", put_parameter},
    {"DeleteParameter", delete_parameter},
    {"DeleteParameters", delete_parameters},
    {"GetParameter", get_parameter},
    {"GetParameters", get_parameters},
    {"GetParametersByPath", get_parameters_by_path},
    {"GetParameterHistory", get_parameter_history},
    {"DescribeParameters", describe_parameters},

    {"LabelParameterVersion", label_parameter_version},
    {"UnlabelParameterVersion", unlabel_parameter_version},
    {"AddTagsToResource", add_tags_to_resource},
    {"RemoveTagsFromResource", remove_tags_from_resource},
    {"ListTagsForResource", list_tags_for_resource},
});

}  // namespace

JsonResult serve(Account& account, const Caller& caller, std::string_view action, std::string_view body,
                 Instant now) {
    const auto found = std::ranges::find(actions, action, &Action::name);
    if (found == actions.end()) return std::unexpected(unknown_operation());
    JsonInput input(body);
    return found->serve({account, caller, input, now});
}

}  // namespace keytide::lab::ssm
