#include "lab/cloudformation/stacks.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "lab/cloudformation/deployment.hpp"
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

void append_stack(XmlWriter& xml, const Stack& stack) {
    xml.open("member").leaf("StackId", stack.id).leaf("StackName", stack.name);
    leaf_unless_empty(xml, "ChangeSetId", stack.change_set_id);
    if (stack.current) leaf_unless_empty(xml, "Description", stack.current->description);
    append_times(xml, stack);
    xml.open("RollbackConfiguration").close("RollbackConfiguration").leaf("StackStatus", stack.status);
    leaf_unless_empty(xml, "StackStatusReason", stack.reason);
    xml.leaf("DisableRollback", false).open("NotificationARNs").close("NotificationARNs");
    xml.open("Capabilities");
    for (const auto& one : stack.capabilities) xml.leaf("member", one);
    xml.close("Capabilities").open("Tags").close("Tags").leaf("EnableTerminationProtection", false);
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
    xml.close("member");
}

void append_resource(XmlWriter& xml, const Stack& stack, const Resource& resource) {
    xml.open("member").leaf("StackName", stack.name).leaf("StackId", stack.id);
    xml.leaf("LogicalResourceId", resource.logical_id).leaf("PhysicalResourceId", resource.physical_id);
    xml.leaf("ResourceType", resource.type->name).leaf("Timestamp", to_rfc3339(resource.changed, true));
    xml.leaf("ResourceStatus", resource.status);
    leaf_unless_empty(xml, "ResourceStatusReason", resource.reason);
    append_drift(xml, "StackResourceDriftStatus");
    xml.close("member");
}

Outcome<Template> template_in_question(const Call& call) {
    if (const auto* body = call.parameters.find("TemplateBody")) return parse_template(*body);
    if (!call.parameters.has("StackName"))
        return invalid("Either Template URL or Template Body must be specified.");
    auto stack = call.stack_with_id();
    if (!stack) return std::unexpected(stack.error());
    if ((*stack)->current) return *(*stack)->current;
    return invalid(fmt::format("Stack with id {} does not exist", call.parameters.get("StackName")));
}

// What GetTemplateSummary and ValidateTemplate have in common.
void append_summary(XmlWriter& xml, const Template& declared) {
    xml.open("Parameters").close("Parameters");
    leaf_unless_empty(xml, "Description", declared.description);
    xml.open("Capabilities").leaf("member", declared.capability()).close("Capabilities");
    std::string types;
    for (const auto& one : declared.resources)
        types += (types.empty() ? "" : ", ") + std::string(one.type->name);
    xml.leaf("CapabilitiesReason", "The following resource(s) require capabilities: [" + types + "]");
}

}  // namespace

ActionResult describe_stacks(const Call& call) {
    if (auto allowed = call.authorise("DescribeStacks"); !allowed) return std::unexpected(allowed.error());
    XmlWriter xml;
    xml.open("Stacks");
    if (call.parameters.get("StackName").empty()) {
        for (auto stack = call.stacks.all.rbegin(); stack != call.stacks.all.rend(); ++stack)
            if (!stack->deleted && stack->region == call.caller.region) append_stack(xml, *stack);
    } else {
        auto stack = call.stack_with_id();
        if (!stack) return std::unexpected(stack.error());
        append_stack(xml, **stack);
    }
    return xml.close("Stacks").take();
}

ActionResult describe_stack_events(const Call& call) {
    if (auto allowed = call.authorise("DescribeStackEvents"); !allowed)
        return std::unexpected(allowed.error());
    auto stack = call.stack_in_brackets();
    if (!stack) return std::unexpected(stack.error());
    XmlWriter xml;
    xml.open("StackEvents");
    const auto& events = (*stack)->events;
    for (auto event = events.rbegin(); event != events.rend(); ++event) append_event(xml, **stack, *event);
    return xml.close("StackEvents").take();
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
        append_resource(xml, **stack, resource);
        found = true;
    }
    if (!found)
        return invalid(fmt::format("Resource {} does not exist for stack {}", wanted, (*stack)->name));
    return xml.close("StackResources").take();
}

ActionResult list_stacks(const Call& call) {
    if (auto allowed = call.authorise("ListStacks"); !allowed) return std::unexpected(allowed.error());
    const auto statuses = call.parameters.list("StackStatusFilter.member");
    XmlWriter xml;
    xml.open("StackSummaries");
    for (auto stack = call.stacks.all.rbegin(); stack != call.stacks.all.rend(); ++stack) {
        if (stack->region != call.caller.region) continue;
        if (!statuses.empty() && std::find(statuses.begin(), statuses.end(), stack->status) == statuses.end())
            continue;
        xml.open("member").leaf("StackId", stack->id).leaf("StackName", stack->name);
        if (stack->current) leaf_unless_empty(xml, "TemplateDescription", stack->current->description);
        append_times(xml, *stack);
        xml.leaf("StackStatus", stack->status);
        leaf_unless_empty(xml, "StackStatusReason", stack->reason);
        append_drift(xml, "StackDriftStatus");
        xml.close("member");
    }
    return xml.close("StackSummaries").take();
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
    delete_resources({call.account, call.caller, call.now}, *stack);
    if (stack->deleted) stack->change_sets.clear();
    return no_result();
}

ActionResult get_template(const Call& call) {
    if (auto allowed = call.authorise("GetTemplate"); !allowed) return std::unexpected(allowed.error());
    if (auto known = call.refuse_unsupported({"ChangeSetName"}); !known)
        return std::unexpected(known.error());
    auto stack = call.stack_with_id();
    if (!stack) return std::unexpected(stack.error());
    XmlWriter xml;
    if ((*stack)->current) xml.leaf("TemplateBody", (*stack)->current->text);
    xml.open("StagesAvailable").leaf("member", "Original").leaf("member", "Processed");
    return xml.close("StagesAvailable").take();
}

ActionResult get_template_summary(const Call& call) {
    if (auto allowed = call.authorise("GetTemplateSummary"); !allowed)
        return std::unexpected(allowed.error());
    if (auto known = call.refuse_unsupported({"TemplateURL", "StackSetName"}); !known)
        return std::unexpected(known.error());
    auto declared = template_in_question(call);
    if (!declared) return std::unexpected(declared.error());
    XmlWriter xml;
    append_summary(xml, *declared);
    xml.open("ResourceTypes");
    for (const auto& one : declared->resources) xml.leaf("member", one.type->name);
    xml.close("ResourceTypes").leaf("Version", "2010-09-09");
    if (declared->metadata.is_object()) xml.leaf("Metadata", to_json(declared->metadata));
    return xml.take();
}

ActionResult validate_template(const Call& call) {
    if (auto allowed = call.authorise("ValidateTemplate"); !allowed) return std::unexpected(allowed.error());
    if (auto known = call.refuse_unsupported({"TemplateURL"}); !known) return std::unexpected(known.error());
    if (auto body = call.required("TemplateBody", "templateBody"); !body)
        return std::unexpected(body.error());
    auto declared = template_in_question(call);
    if (!declared) return std::unexpected(declared.error());
    XmlWriter xml;
    append_summary(xml, *declared);
    return xml.take();
}

}  // namespace keytide::lab::cloudformation
