#include "lab/cloudformation/cloudformation.hpp"

#include <array>

#include "lab/cloudformation/call.hpp"
#include "lab/cloudformation/change_sets.hpp"
#include "lab/cloudformation/stacks.hpp"

namespace keytide::lab::cloudformation {
namespace {

struct Action {
    std::string_view name;
    ActionResult (*serve)(const Call& call);
};

constexpr std::array actions{
    Action{"CreateChangeSet", create_change_set},
    Action{"DeleteChangeSet", delete_change_set},
    Action{"DeleteStack", delete_stack},
    Action{"DescribeChangeSet", describe_change_set},
    Action{"DescribeStackEvents", describe_stack_events},
    Action{"DescribeStackResources", describe_stack_resources},
    Action{"DescribeStacks", describe_stacks},
    Action{"ExecuteChangeSet", execute_change_set},
    Action{"GetTemplate", get_template},
    Action{"GetTemplateSummary", get_template_summary},
    Action{"ListStacks", list_stacks},
    Action{"ValidateTemplate", validate_template},
};

}  // namespace

Stacks::Stacks() : state_(std::make_unique<State>()) {}
Stacks::Stacks(Stacks&&) noexcept = default;
Stacks& Stacks::operator=(Stacks&&) noexcept = default;
Stacks::~Stacks() = default;

ActionResult serve(Account& account, Stacks& stacks, const Caller& caller, const Parameters& parameters,
                   Instant now) {
    const auto wanted = parameters.get("Action");
    for (const auto& [name, serve_action] : actions)
        if (name == wanted) return serve_action({account, stacks.state(), caller, parameters, now});
    return std::unexpected(unknown_action(wanted, version));
}

}  // namespace keytide::lab::cloudformation
