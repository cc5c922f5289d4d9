#include "lab/cloudformation/stack_operations.hpp"

#include <fmt/format.h>

#include "lab/cloudformation/deployment.hpp"
#include "lab/cloudformation/stack_request.hpp"
#include "lab/xml.hpp"

namespace keytide::lab::cloudformation {
namespace {

Outcome<OnFailure> on_failure(const Call& call) {
    const auto wanted = call.parameters.get("OnFailure");
    const auto disable = call.parameters.get("DisableRollback");
    if (!wanted.empty() && !disable.empty())
        return invalid("You can specify either DisableRollback or OnFailure, but not both.");
    if (disable == "true" || wanted == "DO_NOTHING") return OnFailure::do_nothing;
    if (wanted == "DELETE") return OnFailure::remove;
    if (wanted.empty() || wanted == "ROLLBACK") return OnFailure::roll_back;
    return std::unexpected(constraint_violated(
        "onFailure", "Member must satisfy enum value set: [ROLLBACK, DELETE, DO_NOTHING]"));
}

ActionResult stack_id(const Stack& stack) {
    XmlWriter xml;
    return xml.leaf("StackId", stack.id).take();
}

}  // namespace

ActionResult create_stack(const Call& call) {
    if (auto allowed = call.authorise("CreateStack"); !allowed) return std::unexpected(allowed.error());
    const auto name = call.required("StackName", "stackName");
    if (!name) return std::unexpected(name.error());
    if (auto known = refuse_unsupported_options(call, {}); !known) return std::unexpected(known.error());
    const auto undoing = on_failure(call);
    if (!undoing) return std::unexpected(undoing.error());
    auto place = new_place(call, *name);
    if (!place) return std::unexpected(place.error());
    if (call.find_stack() != nullptr)
        return refuse("AlreadyExistsException", fmt::format("Stack [{}] already exists", *name), 400);
    auto request = read_stack_request(call, nullptr, *place);
    if (!request) return std::unexpected(request.error());
    // What cannot be evaluated is refused now, before there is a stack.
    if (auto changes = changes_between(nullptr, request->wanted, *place); !changes)
        return std::unexpected(changes.error());

    auto& stack = add_stack(call, *place);
    stack.capabilities = std::move(request->capabilities);
    stack.token = call.parameters.get("ClientRequestToken");
    stack.is_protected = call.parameters.get("EnableTerminationProtection") == "true";
    stack.keeps_failures = *undoing == OnFailure::do_nothing;
    create_resources({call.account, call.caller, call.now}, stack, request->wanted, *undoing);
    return stack_id(stack);
}

ActionResult update_stack(const Call& call) {
    if (auto allowed = call.authorise("UpdateStack"); !allowed) return std::unexpected(allowed.error());
    const auto name = call.required("StackName", "stackName");
    if (!name) return std::unexpected(name.error());
    if (auto known = refuse_unsupported_options(call, {"DisableRollback"}); !known)
        return std::unexpected(known.error());
    auto* stack = call.find_stack();
    if (stack == nullptr || stack->deleted) return invalid(fmt::format("Stack [{}] does not exist", *name));
    if (auto ready = check_updatable(*stack); !ready) return std::unexpected(ready.error());
    auto request = read_stack_request(call, stack, stack->place());
    if (!request) return std::unexpected(request.error());
    auto changes = changes_between(stack, request->wanted, stack->place());
    if (!changes) return std::unexpected(changes.error());
    if (changes->none()) return invalid("No updates are to be performed.");

    stack->change_sets.clear();
    stack->updated = call.now;
    stack->capabilities = std::move(request->capabilities);
    stack->token = call.parameters.get("ClientRequestToken");
    update_resources({call.account, call.caller, call.now}, *stack, request->wanted);
    return stack_id(*stack);
}

ActionResult delete_stack(const Call& call) {
    if (auto allowed = call.authorise("DeleteStack"); !allowed) return std::unexpected(allowed.error());
    if (auto name = call.required("StackName", "stackName"); !name) return std::unexpected(name.error());
    const bool by_force = call.parameters.get("DeletionMode") == "FORCE_DELETE_STACK";
    if (by_force) return invalid("DeletionMode is not supported here yet.");
    if (auto known = call.refuse_unsupported({"RetainResources", "RoleARN"}); !known)
        return std::unexpected(known.error());
    // A stack that does not exist is as good as deleted.
    auto* stack = call.find_stack();
    if (stack == nullptr || stack->deleted) return no_result();
    if (stack->is_protected)
        return invalid(
            fmt::format("Stack [{}] cannot be deleted while TerminationProtection is enabled", stack->name));
    stack->token = call.parameters.get("ClientRequestToken");
    delete_resources({call.account, call.caller, call.now}, *stack);
    if (stack->deleted) stack->change_sets.clear();
    return no_result();
}

ActionResult update_termination_protection(const Call& call) {
    if (auto allowed = call.authorise("UpdateTerminationProtection"); !allowed)
        return std::unexpected(allowed.error());
    auto stack = call.stack_in_brackets();
    if (!stack) return std::unexpected(stack.error());
    const auto wanted = call.required("EnableTerminationProtection", "enableTerminationProtection");
    if (!wanted) return std::unexpected(wanted.error());
    (*stack)->is_protected = *wanted == "true";
    return stack_id(**stack);
}

}  // namespace keytide::lab::cloudformation
