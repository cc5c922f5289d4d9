#include "lab/cloudformation/change_sets.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "lab/cloudformation/deployment.hpp"
#include "lab/gate/authorisation.hpp"
#include "lab/xml.hpp"

namespace keytide::lab::cloudformation {
namespace {

constexpr std::size_t most_stacks = 2000;
constexpr std::size_t most_change_sets = 1000;  // of one stack
constexpr std::string_view in_review = "REVIEW_IN_PROGRESS";

// [a-zA-Z][-a-zA-Z0-9]*, up to 128.
Outcome<void> check_name(std::string_view member, std::string_view name) {
    const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
    const bool fits = is_letter(name.front()) && std::all_of(name.begin(), name.end(), [&](char c) {
                          return is_letter(c) || (c >= '0' && c <= '9') || c == '-';
                      });
    if (!fits)
        return invalid(
            fmt::format("1 validation error detected: Value '{}' at '{}' failed to satisfy constraint: "
                        "Member must satisfy regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*",
                        name, member));
    if (name.size() > 128)
        return std::unexpected(
            constraint_violated(member, "Member must have length less than or equal to 128"));
    return {};
}

Outcome<void> check_updatable(const Stack& stack) {
    constexpr std::array<std::string_view, 3> updatable{"CREATE_COMPLETE", "UPDATE_COMPLETE",
                                                        "UPDATE_ROLLBACK_COMPLETE"};
    if (std::find(updatable.begin(), updatable.end(), stack.status) != updatable.end()) return {};
    return invalid(fmt::format("Stack:{} is in {} state and can not be updated.", stack.id, stack.status));
}

Outcome<Template> requested_template(const Call& call, const Stack* stack) {
    if (const auto* body = call.parameters.find("TemplateBody")) return parse_template(*body);
    if (call.parameters.get("UsePreviousTemplate") == "true" && stack != nullptr && stack->current)
        return *stack->current;
    return invalid("Either Template URL or Template Body must be specified.");
}

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

Outcome<Stack*> new_stack(const Call& call, const std::string& name) {
    if (auto valid = check_name("stackName", name); !valid) return std::unexpected(valid.error());
    const auto living = std::count_if(call.stacks.all.begin(), call.stacks.all.end(),
                                      [](const Stack& one) { return !one.deleted; });
    if (std::size_t(living) >= most_stacks)
        return refuse("LimitExceededException", "Limit for stack has been exceeded", 400);
    auto& stack = call.stacks.all.emplace_back();
    stack.id = call.arn("stack", name, draw_uuid(call.account.randomness()));
    stack.name = name;
    stack.region = call.caller.region;
    stack.account = call.account.id();
    stack.created = call.now;
    stack.tell(call.account.randomness(), call.now, std::string(in_review), "User Initiated");
    return &stack;
}

// Where a change set lies: named within a stack, or by its own ARN.
struct Found {
    Stack* stack;
    ChangeSet* change_set;
};
Found find_change_set(const Call& call) {
    const auto wanted = call.parameters.get("ChangeSetName");
    auto* named = call.find_stack();
    for (auto& stack : call.stacks.all)
        for (auto& [name, change_set] : stack.change_sets)
            if (change_set.id == wanted || (name == wanted && &stack == named)) return {&stack, &change_set};
    return {named, nullptr};
}

// Authorised on the stack that the change set belongs to.
Outcome<Found> authorised_change_set(const Call& call, std::string_view action) {
    const auto found = find_change_set(call);
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

void append_change(XmlWriter& xml, const Change& change) {
    xml.open("member").leaf("Type", "Resource").open("ResourceChange").leaf("Action", change.action);
    xml.leaf("LogicalResourceId", change.logical_id);
    if (!change.physical_id.empty()) xml.leaf("PhysicalResourceId", change.physical_id);
    xml.leaf("ResourceType", change.type);
    if (change.action == "Modify") xml.leaf("Replacement", "False");
    xml.open("Scope");
    if (change.action == "Modify") xml.leaf("member", "Properties");
    xml.close("Scope").open("Details");
    for (const auto& name : change.properties) {
        xml.open("member").open("Target").leaf("Attribute", "Properties").leaf("Name", name);
        xml.leaf("RequiresRecreation", "Never").close("Target").leaf("Evaluation", "Static");
        xml.leaf("ChangeSource", "DirectModification").close("member");
    }
    xml.close("Details").close("ResourceChange").close("member");
}

}  // namespace

ActionResult create_change_set(const Call& call) {
    if (auto allowed = call.authorise("CreateChangeSet"); !allowed) return std::unexpected(allowed.error());
    const auto stack_name = call.required("StackName", "stackName");
    if (!stack_name) return std::unexpected(stack_name.error());
    const auto name = call.required("ChangeSetName", "changeSetName");
    if (!name) return std::unexpected(name.error());
    if (auto valid = check_name("changeSetName", *name); !valid) return std::unexpected(valid.error());
    if (auto known = call.refuse_unsupported(
            {"TemplateURL", "Parameters", "ResourceTypes", "RoleARN", "NotificationARNs", "Tags",
             "ResourcesToImport", "IncludeNestedStacks", "OnStackFailure", "ImportExistingResources",
             "DeploymentMode", "RollbackConfiguration.MonitoringTimeInMinutes",
             "RollbackConfiguration.RollbackTriggers"});
        !known)
        return std::unexpected(known.error());

    auto* stack = call.find_stack();
    const auto type = call.parameters.get("ChangeSetType", "UPDATE");
    if (auto valid = check_type(type, stack, *stack_name, *name); !valid)
        return std::unexpected(valid.error());
    auto wanted = requested_template(call, stack);
    if (!wanted) return std::unexpected(wanted.error());
    auto capabilities = call.parameters.list("Capabilities.member");
    if (auto enough = check_capabilities(*wanted, capabilities); !enough)
        return std::unexpected(enough.error());
    auto changes = changes_between(stack, *wanted);
    if (!changes) return std::unexpected(changes.error());

    if (stack == nullptr) {
        auto made = new_stack(call, *stack_name);
        if (!made) return std::unexpected(made.error());
        stack = *made;
    }
    // `deploy` names by the second, and here it may well come twice in one: only a change set that can still
    // be executed keeps its name to itself.
    if (const auto same = stack->change_sets.find(*name); same != stack->change_sets.end()) {
        if (same->second.execution_status != "AVAILABLE")
            stack->change_sets.erase(same);
        else
            return refuse("AlreadyExistsException", fmt::format("ChangeSet [{}] already exists", *name), 400);
    }
    if (stack->change_sets.size() >= most_change_sets)
        return refuse("LimitExceededException", "ChangeSet limit exceeded", 400);

    ChangeSet change_set{
        .id = call.arn("changeSet", *name, draw_uuid(call.account.randomness())),
        .name = *name,
        .description = std::string(call.parameters.get("Description")),
        .created = call.now,
        .status = "CREATE_COMPLETE",
        .reason = {},
        .execution_status = "AVAILABLE",
        .capabilities = std::move(capabilities),
        .changes = std::move(*changes),
        .wanted = std::move(*wanted),
    };
    if (change_set.changes.empty()) {
        change_set.status = "FAILED";
        change_set.reason =
            "The submitted information didn't contain changes. Submit different information to create a "
            "change set.";
        change_set.execution_status = "UNAVAILABLE";
    }
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
    xml.leaf("CreationTime", to_rfc3339(change_set.created, true));
    xml.leaf("ExecutionStatus", change_set.execution_status).leaf("Status", change_set.status);
    if (!change_set.reason.empty()) xml.leaf("StatusReason", change_set.reason);
    xml.open("NotificationARNs").close("NotificationARNs");
    xml.open("RollbackConfiguration").close("RollbackConfiguration").open("Capabilities");
    for (const auto& one : change_set.capabilities) xml.leaf("member", one);
    xml.close("Capabilities").open("Tags").close("Tags").open("Changes");
    for (const auto& change : change_set.changes) append_change(xml, change);
    return xml.close("Changes").leaf("IncludeNestedStacks", false).take();
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
    const Actor actor{call.account, call.caller, call.now};
    (creates ? create_resources : update_resources)(actor, stack, change_set.wanted);
    change_set.execution_status =
        stack.status.find("ROLLBACK") == std::string::npos ? "EXECUTE_COMPLETE" : "EXECUTE_FAILED";
    auto name = change_set.name;
    stack.change_sets.emplace(std::move(name), std::move(change_set));
    return std::string{};
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
