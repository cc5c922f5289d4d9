#include "lab/cloudformation/changes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "lab/cloudformation/stack.hpp"
#include "lab/cloudformation/stack_tags.hpp"

namespace keytide::lab::cloudformation {
namespace {

// Resources stand for themselves; one that will be replaced, for something new.
class Comparison {
public:
    Comparison(const BoundTemplate* before, const BoundTemplate& after, const StackPlace& place)
        : before_(before), after_(after), place_(place) {}

    Outcome<std::vector<PropertyChange>> properties(const Declaration& before, const Declaration& after) {
        auto old_value = before_->evaluate(before.properties, place_, symbol({}));
        if (!old_value) return std::unexpected(old_value.error());
        auto new_value = after_.evaluate(after.properties, place_, symbol(replaced_));
        if (!new_value) return std::unexpected(new_value.error());
        const auto plain = after_.evaluate(after.properties, place_, symbol({}));
        std::vector<PropertyChange> changes;
        for (const auto& name : changed_properties(*old_value, *new_value)) {
            const auto* left = old_value->find(name);
            const auto* right = plain->find(name);
            const bool is_dynamic = left != nullptr && right != nullptr && *left == *right;
            changes.push_back(
                {name, after.type->property(name)->update == Property::Update::replaces, is_dynamic});
        }
        if (std::any_of(changes.begin(), changes.end(), [](const auto& one) { return one.replaces; }))
            replaced_.insert(after.logical_id);
        return changes;
    }

    Outcome<bool> outputs_differ() {
        const auto all = [&](const BoundTemplate& bound,
                             const std::set<std::string>& replaced) -> Outcome<Value> {
            auto values = Value::of(Value::Kind::object);
            for (const auto& output : bound.declared.outputs) {
                if (!bound.holds(output.condition)) continue;
                auto value = bound.evaluate(output.value, place_, symbol(replaced));
                if (!value) return value;
                values.members.push_back({output.name, std::move(*value)});
                values.members.push_back({output.name + " ", Value::text(output.description)});
            }
            return values;
        };
        auto before = all(*before_, {});
        if (!before) return std::unexpected(before.error());
        auto after = all(after_, replaced_);
        if (!after) return std::unexpected(after.error());
        return !(*before == *after);
    }

private:
    static BoundTemplate::LookUp symbol(const std::set<std::string>& replaced) {
        return [&replaced](const Reference& reference) {
            return fmt::format("{}{}.{}", replaced.contains(reference.to) ? "new " : "", reference.to,
                               reference.attribute);
        };
    }

    const BoundTemplate* before_;
    const BoundTemplate& after_;
    const StackPlace& place_;
    std::set<std::string> replaced_;
};

void add_physical_ids(std::vector<Change>& changes, const Stack& stack) {
    for (auto& change : changes)
        for (const auto& resource : stack.resources)
            if (resource.logical_id == change.logical_id && resource.is_there())
                change.physical_id = resource.physical_id;
}

}  // namespace

bool Change::replaces() const {
    return std::any_of(properties.begin(), properties.end(), [](const auto& one) { return one.replaces; });
}

std::vector<std::string> changed_properties(const Value& before, const Value& after) {
    std::vector<std::string> changed;
    for (const auto& [name, value] : after.members)
        if (const auto* old_value = before.find(name); old_value == nullptr || !(*old_value == value))
            changed.push_back(name);
    for (const auto& [name, value] : before.members)
        if (after.find(name) == nullptr) changed.push_back(name);
    return changed;
}

Outcome<Changes> changes_between(const Stack* stack, const BoundTemplate& wanted, const StackPlace& place) {
    Changes changes;
    const auto* current = stack != nullptr && stack->current ? &*stack->current : nullptr;
    changes.of_tags = current != nullptr && current->tags != wanted.tags;
    Comparison comparison(current, wanted, place);
    for (const auto& after : wanted.declared.resources) {
        if (!wanted.includes(after)) continue;
        const auto* before = current != nullptr ? current->find(after.logical_id) : nullptr;
        if (before == nullptr) {
            changes.of_resources.push_back({"Add", after.logical_id, {}, std::string(after.type->name), {}});
            continue;
        }
        if (before->type != after.type)
            return refuse("ValidationError",
                          fmt::format("Update of resource type is not permitted. The new template modifies "
                                      "resource type of the following resources: [{}]",
                                      after.logical_id),
                          400);
        auto properties = comparison.properties(*before, after);
        if (!properties) return std::unexpected(properties.error());
        const bool of_tags = changes.of_tags && takes_tags(*after.type);
        if (!properties->empty() || of_tags)
            changes.of_resources.push_back({"Modify",
                                            after.logical_id,
                                            {},
                                            std::string(after.type->name),
                                            std::move(*properties),
                                            of_tags});
    }
    if (current == nullptr) return changes;
    for (const auto& before : current->declared.resources)
        if (current->includes(before) && wanted.find(before.logical_id) == nullptr)
            changes.of_resources.push_back(
                {"Remove", before.logical_id, {}, std::string(before.type->name), {}});
    add_physical_ids(changes.of_resources, *stack);
    auto outputs = comparison.outputs_differ();
    if (!outputs) return std::unexpected(outputs.error());
    changes.of_outputs = *outputs;
    return changes;
}

}  // namespace keytide::lab::cloudformation
