#include "lab/cloudformation/change_sets.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "lab/cloudformation/deployment.hpp"
#include "lab/cloudformation/paging.hpp"
#include "lab/cloudformation/parameter_values.hpp"
#include "lab/cloudformation/stack_request.hpp"
#include "lab/cloudformation/stack_tags.hpp"
#include "lab/gate/authorisation.hpp"
#include "lab/xml.hpp"

namespace keytide::lab::cloudformation {
namespace {

constexpr std::size_t most_change_sets = 1000;  // of one stack

// Whether a change set of this type may be made for the stack, null where there is none yet.
Outcome<void> check_type(std::string_view type, const Stack* stack, std::string_view stack_name,
                         std::string_view name) {
    if (type == "CREATE") {
        if (stack != nullptr && stack->status != in_review)
            return invalid(
                fmt::format("Stack [{}] already exists and cannot be created again with the changeSet [{}].",
                            stack_name, name));
        return {};
    }
    if (type != "UPDATE") return invalid(fmt::format("ChangeSetType {} is not supported here yet.", type));
    if (stack == nullptr || stack->deleted || stack->status == in_review)
        return invalid(fmt::format("Stack [{}] does not exist", stack_name));
    return check_updatable(*stack);
}

// Authorised on the stack that the change set belongs to.
Outcome<FoundChangeSet> authorised_change_set(const Call& call, std::string_view action) {
    const auto found = call.find_change_set();
    auto allowed = found.stack != nullptr
                       ? gate::authorise(call.account, call.caller, fmt::format("cloudformation:{}", action),
                                         gate::by_arn(found.stack->id))
                       : call.authorise(action);
    if (!allowed) return std::unexpected(allowed.error());
    auto name = call.required("ChangeSetName", "changeSetName");
    if (!name) return std::unexpected(name.error());
    if (found.change_set != nullptr || name->starts_with("arn:")) return found;
    if (!call.parameters.has("StackName"))
        return invalid("StackName must be specified if ChangeSetName is not specified as an ARN.");
    if (auto stack = call.stack_in_brackets(); !stack) return std::unexpected(stack.error());
    return found;
}

std::unexpected<ServiceError> not_found(const Call& call) {
    return refuse("ChangeSetNotFound",
                  fmt::format("ChangeSet [{}] does not exist", call.parameters.get("ChangeSetName")), 404);
}

// Replaced for certain, or only if what it depends on really is.
std::string_view replacement(const Change& change) {
    if (!change.replaces()) return "False";
    for (const auto& property : change.properties)
        if (property.replaces && !property.is_dynamic) return "True";
    return "Conditional";
}

void append_change(XmlWriter& xml, const Change& change) {
    xml.open("member").leaf("Type", "Resource").open("ResourceChange").leaf("Action", change.action);
    xml.leaf("LogicalResourceId", change.logical_id);
    if (!change.physical_id.empty()) xml.leaf("PhysicalResourceId", change.physical_id);
    xml.leaf("ResourceType", change.type);
    if (change.action == "Modify") xml.leaf("Replacement", replacement(change));
    xml.open("Scope");
    if (!change.properties.empty()) xml.leaf("member", "Properties");
    if (change.of_tags) xml.leaf("member", "Tags");
    xml.close("Scope").open("Details");
    for (const auto& [name, replaces, is_dynamic] : change.properties) {
        xml.open("member").open("Target").leaf("Attribute", "Properties").leaf("Name", name);
        xml.leaf("RequiresRecreation", !replaces ? "Never" : is_dynamic ? "Conditionally" : "Always");
        xml.close("Target").leaf("Evaluation", is_dynamic ? "Dynamic" : "Static");
        xml.leaf("ChangeSource", is_dynamic ? "ResourceReference" : "DirectModification").close("member");
    }
    if (change.of_tags) {
        xml.open("member").open("Target").leaf("Attribute", "Tags").leaf("RequiresRecreation", "Never");
        xml.close("Target").leaf("Evaluation", "Static").leaf("ChangeSource", "DirectModification");
        xml.close("member");
    }
    xml.close("Details").close("ResourceChange").close("member");
}

// What stands in the way of the name, if anything does. `deploy` names by the second, and here it may well
// come twice in one: only a change set that can still be executed keeps its name to itself.
Outcome<void> make_room(Stack& stack, const std::string& name) {
    if (const auto same = stack.change_sets.find(name); same != stack.change_sets.end()) {
        if (same->second.execution_status == "AVAILABLE")
            return refuse("AlreadyExistsException", fmt::format("ChangeSet [{}] already exists", name), 400);
        stack.change_sets.erase(same);
    }
    if (stack.change_sets.size() >= most_change_sets)
        return refuse("LimitExceededException", "ChangeSet limit exceeded", 400);
    return {};
}

ChangeSet change_set_for(const Call& call, const std::string& name, StackRequest request, Changes changes) {
    ChangeSet change_set{
        .id = call.arn("changeSet", name, draw_uuid(call.account.randomness())),
        .name = name,
        .description = std::string(call.parameters.get("Description")),
        .created = call.now,
        .status = "CREATE_COMPLETE",
        .reason = {},
        .execution_status = "AVAILABLE",
        .capabilities = std::move(request.capabilities),
        .changes = std::move(changes.of_resources),
        .wanted = std::move(request.wanted),
    };
    if (change_set.changes.empty() && !changes.of_outputs && !changes.of_tags) {
        change_set.status = "FAILED";
        change_set.reason =
            "The submitted information didn't contain changes. Submit different information to create a "
            "change set.";
        change_set.execution_status = "UNAVAILABLE";
    }
    return change_set;
}

}  // namespace

ActionResult create_change_set(const Call& call) {
    if (auto allowed = call.authorise("CreateChangeSet"); !allowed) return std::unexpected(allowed.error());
    const auto stack_name = call.required("StackName", "stackName");
    if (!stack_name) return std::unexpected(stack_name.error());
    const auto name = call.required("ChangeSetName", "changeSetName");
    if (!name) return std::unexpected(name.error());
    if (auto valid = check_name("changeSetName", *name); !valid) return std::unexpected(valid.error());
    if (auto known =
            refuse_unsupported_options(call, {"ResourcesToImport", "IncludeNestedStacks", "OnStackFailure",
                                              "ImportExistingResources", "DeploymentMode"});
        !known)
        return std::unexpected(known.error());

    auto* stack = call.find_stack();
    const auto type = call.parameters.get("ChangeSetType", "UPDATE");
    if (auto valid = check_type(type, stack, *stack_name, *name); !valid)
        return std::unexpected(valid.error());
    auto place = stack != nullptr ? stack->place() : new_place(call, *stack_name);
    if (!place) return std::unexpected(place.error());
    auto request = read_stack_request(call, stack, *place);
    if (!request) return std::unexpected(request.error());
    auto changes = changes_between(stack, request->wanted, *place);
    if (!changes) return std::unexpected(changes.error());

    if (stack == nullptr) {
        stack = &add_stack(call, *place);
        stack->tell(call.account.randomness(), call.now, std::string(in_review), "User Initiated");
    }
    if (auto room = make_room(*stack, *name); !room) return std::unexpected(room.error());
    auto change_set = change_set_for(call, *name, std::move(*request), std::move(*changes));
    XmlWriter xml;
    xml.leaf("Id", change_set.id).leaf("StackId", stack->id);
    stack->change_sets.emplace(*name, std::move(change_set));
    return xml.take();
}

ActionResult describe_change_set(const Call& call) {
    const auto found = authorised_change_set(call, "DescribeChangeSet");
    if (!found) return std::unexpected(found.error());
    if (found->change_set == nullptr) return not_found(call);
    const auto& change_set = *found->change_set;
    XmlWriter xml;
    xml.leaf("ChangeSetName", change_set.name).leaf("ChangeSetId", change_set.id);
    xml.leaf("StackId", found->stack->id).leaf("StackName", found->stack->name);
    if (!change_set.description.empty()) xml.leaf("Description", change_set.description);
    append_parameter_values(xml, change_set.wanted);
    xml.leaf("CreationTime", to_rfc3339(change_set.created, true));
    xml.leaf("ExecutionStatus", change_set.execution_status).leaf("Status", change_set.status);
    if (!change_set.reason.empty()) xml.leaf("StatusReason", change_set.reason);
    xml.open("NotificationARNs").close("NotificationARNs");
    xml.open("RollbackConfiguration").close("RollbackConfiguration").open("Capabilities");
    for (const auto& one : change_set.capabilities) xml.leaf("member", one);
    xml.close("Capabilities");
    append_stack_tags(xml, change_set.wanted.tags);
    auto changes = paged(call, "Changes", rising(change_set.changes.size()),
                         [&](XmlWriter& page, std::size_t i) { append_change(page, change_set.changes[i]); });
    if (!changes) return changes;
    return xml.raw(**changes).leaf("IncludeNestedStacks", false).take();
}

ActionResult execute_change_set(const Call& call) {
    const auto found = authorised_change_set(call, "ExecuteChangeSet");
    if (!found) return std::unexpected(found.error());
    if (found->change_set == nullptr) return not_found(call);
    if (auto known = call.refuse_unsupported({"DisableRollback", "RetainExceptOnCreate"}); !known)
        return std::unexpected(known.error());
    auto& stack = *found->stack;
    if (found->change_set->execution_status != "AVAILABLE")
        return refuse("InvalidChangeSetStatus",
                      fmt::format("ChangeSet [{}] cannot be executed in its current status of [{}]",
                                  found->change_set->id, found->change_set->status),
                      400);
    const bool creates = stack.status == in_review;
    if (!creates)
        if (auto ready = check_updatable(stack); !ready) return std::unexpected(ready.error());

    // The stack's other change sets were made for what it no longer is.
    auto change_set = std::move(*found->change_set);
    stack.change_sets.clear();
    stack.updated = call.now;
    stack.change_set_id = change_set.id;
    stack.capabilities = change_set.capabilities;
    stack.token = call.parameters.get("ClientRequestToken");
    const Actor actor{call.account, call.caller, call.now};
    if (creates)
        create_resources(actor, stack, change_set.wanted);
    else
        update_resources(actor, stack, change_set.wanted);
    change_set.execution_status =
        stack.status.find("ROLLBACK") == std::string::npos ? "EXECUTE_COMPLETE" : "EXECUTE_FAILED";
    auto name = change_set.name;
    stack.change_sets.emplace(std::move(name), std::move(change_set));
    return std::string{};
}

ActionResult list_change_sets(const Call& call) {
    if (auto allowed = call.authorise("ListChangeSets"); !allowed) return std::unexpected(allowed.error());
    auto stack = call.stack_in_brackets();
    if (!stack) return std::unexpected(stack.error());
    std::vector<const ChangeSet*> all;
    for (const auto& [name, change_set] : (*stack)->change_sets) all.push_back(&change_set);
    return paged(call, "Summaries", rising(all.size()), [&](XmlWriter& xml, std::size_t i) {
        const auto& change_set = *all[i];
        xml.open("member").leaf("ChangeSetName", change_set.name).leaf("ChangeSetId", change_set.id);
        xml.leaf("StackId", (*stack)->id).leaf("StackName", (*stack)->name);
        if (!change_set.description.empty()) xml.leaf("Description", change_set.description);
        xml.leaf("CreationTime", to_rfc3339(change_set.created, true));
        xml.leaf("ExecutionStatus", change_set.execution_status).leaf("Status", change_set.status);
        if (!change_set.reason.empty()) xml.leaf("StatusReason", change_set.reason);
        xml.leaf("IncludeNestedStacks", false).close("member");
    });
}

ActionResult delete_change_set(const Call& call) {
    const auto found = authorised_change_set(call, "DeleteChangeSet");
    if (!found) return std::unexpected(found.error());
    if (found->change_set != nullptr) {
        const auto name = found->change_set->name;
        found->stack->change_sets.erase(name);
    }
    return std::string{};
}

}  // namespace keytide::lab::cloudformation
