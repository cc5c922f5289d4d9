#include "lab/cloudformation/stack.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace keytide::lab::cloudformation {

Resource* Stack::find(std::string_view logical_id) {
    const auto found = std::find_if(resources.begin(), resources.end(), [&](const Resource& one) {
        return one.logical_id == logical_id && one.is_there();
    });
    return found == resources.end() ? nullptr : &*found;
}

void Stack::tell(const Randomness& randomness, Instant now, std::string new_status, std::string new_reason) {
    status = std::move(new_status);
    reason = std::move(new_reason);
    events.push_back(
        {draw_uuid(randomness), name, id, "AWS::CloudFormation::Stack", status, reason, {}, now});
}

void Stack::tell(const Randomness& randomness, Instant now, Resource& resource, std::string new_status,
                 std::string new_reason) {
    resource.status = std::move(new_status);
    resource.reason = std::move(new_reason);
    resource.changed = now;
    events.push_back({resource.logical_id + "-" + draw_uuid(randomness), resource.logical_id,
                      resource.physical_id, std::string(resource.type->name), resource.status,
                      resource.reason, resource.properties, now});
}

std::vector<std::string> changed_properties(const Declaration& before, const Declaration& after) {
    std::vector<std::string> changed;
    for (const auto& property : after.type->properties) {
        const auto* old_value = before.properties.find(property.name);
        const auto* new_value = after.properties.find(property.name);
        const bool same =
            old_value != nullptr && new_value != nullptr ? *old_value == *new_value : old_value == new_value;
        if (!same) changed.emplace_back(property.name);
    }
    return changed;
}

Outcome<std::vector<Change>> changes_between(const Stack* stack, const Template& wanted) {
    std::vector<Change> changes;
    const auto* current = stack != nullptr && stack->current ? &*stack->current : nullptr;
    for (const auto& after : wanted.resources) {
        const auto* before = current != nullptr ? current->find(after.logical_id) : nullptr;
        if (before == nullptr) {
            changes.push_back({"Add", after.logical_id, {}, std::string(after.type->name), {}});
            continue;
        }
        if (before->type != after.type)
            return refuse("ValidationError",
                          fmt::format("Update of resource type is not permitted. The new template modifies "
                                      "resource type of the following resources: [{}]",
                                      after.logical_id),
                          400);
        auto properties = changed_properties(*before, after);
        for (const auto& name : properties)
            if (!after.type->property(name)->can_change)
                return refuse("ValidationError",
                              fmt::format("Resource {}: an update of the property {} of {} is not supported "
                                          "here yet.",
                                          after.logical_id, name, after.type->name),
                              400);
        if (!properties.empty())
            changes.push_back(
                {"Modify", after.logical_id, {}, std::string(after.type->name), std::move(properties)});
    }
    if (current == nullptr) return changes;
    for (const auto& before : current->resources)
        if (wanted.find(before.logical_id) == nullptr)
            changes.push_back({"Remove", before.logical_id, {}, std::string(before.type->name), {}});
    for (auto& change : changes)
        for (const auto& resource : stack->resources)
            if (resource.logical_id == change.logical_id && resource.is_there())
                change.physical_id = resource.physical_id;
    return changes;
}

}  // namespace keytide::lab::cloudformation
