#include "lab/cloudformation/stacks.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "lab/cloudformation/paging.hpp"
#include "lab/cloudformation/parameter_values.hpp"
#include "lab/cloudformation/stack_tags.hpp"
#include "lab/xml.hpp"

namespace keytide::lab::cloudformation {
namespace {

void leaf_unless_empty(XmlWriter& xml, std::string_view name, std::string_view text) {
    if (!text.empty()) xml.leaf(name, text);
}

void append_drift(XmlWriter& xml, std::string_view status) {
    xml.open("DriftInformation").leaf(status, "NOT_CHECKED").close("DriftInformation");
}

void append_times(XmlWriter& xml, const Stack& stack) {
    xml.leaf("CreationTime", to_rfc3339(stack.created, true));
    if (stack.updated) xml.leaf("LastUpdatedTime", to_rfc3339(*stack.updated, true));
    if (stack.deleted) xml.leaf("DeletionTime", to_rfc3339(*stack.deleted, true));
}

void append_outputs(XmlWriter& xml, const Stack& stack) {
    xml.open("Outputs");
    for (const auto& output : stack.outputs) {
        xml.open("member").leaf("OutputKey", output.name).leaf("OutputValue", output.value);
        leaf_unless_empty(xml, "Description", output.description);
        xml.close("member");
    }
    xml.close("Outputs");
}

void append_stack(XmlWriter& xml, const Stack& stack) {
    xml.open("member").leaf("StackId", stack.id).leaf("StackName", stack.name);
    leaf_unless_empty(xml, "ChangeSetId", stack.change_set_id);
    if (stack.current) {
        leaf_unless_empty(xml, "Description", stack.current->declared.description);
        append_parameter_values(xml, *stack.current);
    }
    append_times(xml, stack);
    xml.open("RollbackConfiguration").close("RollbackConfiguration").leaf("StackStatus", stack.status);
    leaf_unless_empty(xml, "StackStatusReason", stack.reason);
    xml.leaf("DisableRollback", stack.keeps_failures).open("NotificationARNs").close("NotificationARNs");
    xml.open("Capabilities");
    for (const auto& one : stack.capabilities) xml.leaf("member", one);
    xml.close("Capabilities");
    append_outputs(xml, stack);
    append_stack_tags(xml, stack.current ? stack.current->tags : std::vector<Tag>{});
    xml.leaf("EnableTerminationProtection", stack.is_protected);
    append_drift(xml, "StackDriftStatus");
    xml.close("member");
}

void append_event(XmlWriter& xml, const Stack& stack, const Event& event) {
    xml.open("member").leaf("StackId", stack.id).leaf("EventId", event.id).leaf("StackName", stack.name);
    xml.leaf("LogicalResourceId", event.logical_id).leaf("PhysicalResourceId", event.physical_id);
    xml.leaf("ResourceType", event.type).leaf("Timestamp", to_rfc3339(event.at, true));
    xml.leaf("ResourceStatus", event.status);
    leaf_unless_empty(xml, "ResourceStatusReason", event.reason);
    leaf_unless_empty(xml, "ResourceProperties", event.properties);
    leaf_unless_empty(xml, "ClientRequestToken", event.token);
    xml.close("member");
}

// `time`: the name that the action has for it.
void append_resource_state(XmlWriter& xml, const Resource& resource, std::string_view time) {
    xml.leaf("LogicalResourceId", resource.logical_id);
    leaf_unless_empty(xml, "PhysicalResourceId", resource.physical_id);
    xml.leaf("ResourceType", resource.type->name).leaf(time, to_rfc3339(resource.changed, true));
    xml.leaf("ResourceStatus", resource.status);
    leaf_unless_empty(xml, "ResourceStatusReason", resource.reason);
    append_drift(xml, "StackResourceDriftStatus");
}

std::unexpected<ServiceError> no_such_resource(std::string_view wanted, const Stack& stack) {
    return invalid(fmt::format("Resource {} does not exist for stack {}", wanted, stack.name));
}

}  // namespace

ActionResult describe_stacks(const Call& call) {
    if (auto allowed = call.authorise("DescribeStacks"); !allowed) return std::unexpected(allowed.error());
    const auto& all = call.stacks.all;
    if (call.parameters.get("StackName").empty()) {
        auto numbers = falling(all.size());
        std::erase_if(numbers,
                      [&](std::size_t i) { return all[i].deleted || all[i].region != call.caller.region; });
        return paged(call, "Stacks", numbers,
                     [&](XmlWriter& xml, std::size_t i) { append_stack(xml, all[i]); });
    }
    auto stack = call.stack_with_id();
    if (!stack) return std::unexpected(stack.error());
    XmlWriter xml;
    xml.open("Stacks");
    append_stack(xml, **stack);
    return xml.close("Stacks").take();
}

ActionResult describe_stack_events(const Call& call) {
    if (auto allowed = call.authorise("DescribeStackEvents"); !allowed)
        return std::unexpected(allowed.error());
    auto stack = call.stack_in_brackets();
    if (!stack) return std::unexpected(stack.error());
    const auto& events = (*stack)->events;
    return paged(call, "StackEvents", falling(events.size()),
                 [&](XmlWriter& xml, std::size_t i) { append_event(xml, **stack, events[i]); });
}

ActionResult describe_stack_resources(const Call& call) {
    if (auto allowed = call.authorise("DescribeStackResources"); !allowed)
        return std::unexpected(allowed.error());
    if (auto known = call.refuse_unsupported({"PhysicalResourceId"}); !known)
        return std::unexpected(known.error());
    auto stack = call.stack_with_id();
    if (!stack) return std::unexpected(stack.error());
    const auto wanted = call.parameters.get("LogicalResourceId");
    XmlWriter xml;
    xml.open("StackResources");
    bool found = wanted.empty();
    for (const auto& resource : (*stack)->resources) {
        if (!wanted.empty() && resource.logical_id != wanted) continue;
        xml.open("member").leaf("StackName", (*stack)->name).leaf("StackId", (*stack)->id);
        append_resource_state(xml, resource, "Timestamp");
        xml.close("member");
        found = true;
    }
    if (!found) return no_such_resource(wanted, **stack);
    return xml.close("StackResources").take();
}

ActionResult describe_stack_resource(const Call& call) {
    if (auto allowed = call.authorise("DescribeStackResource"); !allowed)
        return std::unexpected(allowed.error());
    auto stack = call.stack_in_quotes();
    if (!stack) return std::unexpected(stack.error());
    auto wanted = call.required("LogicalResourceId", "logicalResourceId");
    if (!wanted) return std::unexpected(wanted.error());
    for (const auto& resource : (*stack)->resources) {
        if (resource.logical_id != *wanted) continue;
        XmlWriter xml;
        xml.open("StackResourceDetail").leaf("StackName", (*stack)->name).leaf("StackId", (*stack)->id);
        append_resource_state(xml, resource, "LastUpdatedTimestamp");
        const auto* declared = (*stack)->current ? (*stack)->current->find(*wanted) : nullptr;
        const bool has_metadata = declared != nullptr && declared->metadata.is_object();
        xml.leaf("Metadata", has_metadata ? to_json(declared->metadata) : "{}");
        return xml.close("StackResourceDetail").take();
    }
    return no_such_resource(*wanted, **stack);
}

ActionResult list_stack_resources(const Call& call) {
    if (auto allowed = call.authorise("ListStackResources"); !allowed)
        return std::unexpected(allowed.error());
    auto stack = call.stack_with_id();
    if (!stack) return std::unexpected(stack.error());
    const auto& resources = (*stack)->resources;
    return paged(call, "StackResourceSummaries", rising(resources.size()),
                 [&](XmlWriter& xml, std::size_t i) {
                     xml.open("member");
                     append_resource_state(xml, resources[i], "LastUpdatedTimestamp");
                     xml.close("member");
                 });
}

ActionResult list_stacks(const Call& call) {
    if (auto allowed = call.authorise("ListStacks"); !allowed) return std::unexpected(allowed.error());
    const auto statuses = call.parameters.list("StackStatusFilter.member");
    const auto& all = call.stacks.all;
    auto numbers = falling(all.size());
    std::erase_if(numbers, [&](std::size_t i) {
        return all[i].region != call.caller.region ||
               (!statuses.empty() &&
                std::find(statuses.begin(), statuses.end(), all[i].status) == statuses.end());
    });
    return paged(call, "StackSummaries", numbers, [&](XmlWriter& xml, std::size_t i) {
        const auto& stack = all[i];
        xml.open("member").leaf("StackId", stack.id).leaf("StackName", stack.name);
        if (stack.current) leaf_unless_empty(xml, "TemplateDescription", stack.current->declared.description);
        append_times(xml, stack);
        xml.leaf("StackStatus", stack.status);
        leaf_unless_empty(xml, "StackStatusReason", stack.reason);
        append_drift(xml, "StackDriftStatus");
        xml.close("member");
    });
}

}  // namespace keytide::lab::cloudformation
