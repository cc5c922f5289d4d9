#include "lab/cloudformation/cloudformation.hpp"

#include <array>

#include "lab/cloudformation/call.hpp"
#include "lab/cloudformation/change_sets.hpp"
#include "lab/cloudformation/stack_operations.hpp"
#include "lab/cloudformation/stacks.hpp"
#include "lab/cloudformation/templates.hpp"

namespace keytide::lab::cloudformation {
namespace {

struct Action {
    std::string_view name;
    ActionResult (*serve)(const Call& call);
};

constexpr std::array actions{
    Action{"CreateChangeSet", create_change_set},
    Action{"CreateStack", create_stack},
    Action{"DeleteChangeSet", delete_change_set},
    Action{"DeleteStack", delete_stack},
    Action{"DescribeChangeSet", describe_change_set},
    Action{"DescribeStackEvents", describe_stack_events},
    Action{"DescribeStackResource", describe_stack_resource},
    Action{"DescribeStackResources", describe_stack_resources},
    Action{"DescribeStacks", describe_stacks},
    Action{"ExecuteChangeSet", execute_change_set},
    Action{"GetTemplate", get_template},
    Action{"GetTemplateSummary", get_template_summary},
    Action{"ListChangeSets", list_change_sets},
    Action{"ListStackResources", list_stack_resources},
    Action{"ListStacks", list_stacks},
    Action{"UpdateStack", update_stack},
    Action{"UpdateTerminationProtection", update_termination_protection},
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
