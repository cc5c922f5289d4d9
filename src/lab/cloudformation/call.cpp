#include "lab/cloudformation/call.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "lab/gate/authorisation.hpp"

namespace keytide::lab::cloudformation {

Stack* Stacks::State::find(std::string_view region, std::string_view name_or_id) {
    const auto found = std::find_if(all.begin(), all.end(), [&](const Stack& one) {
        return one.id == name_or_id || (one.name == name_or_id && one.region == region && !one.deleted);
    });
    return found == all.end() ? nullptr : &*found;
}

std::string Call::arn(std::string_view kind, std::string_view name, std::string_view id) const {
    return fmt::format("arn:aws:cloudformation:{}:{}:{}/{}/{}", caller.region, account.id(), kind, name, id);
}

Outcome<void> Call::authorise(std::string_view action) const {
    const auto named = parameters.get("StackName");
    const auto* stack = find_stack();
    auto resource = stack != nullptr            ? stack->id
                    : named.starts_with("arn:") ? std::string(named)
                                                : arn("stack", named.empty() ? "*" : named, "*");
    return gate::authorise(account, caller, fmt::format("cloudformation:{}", action),
                           gate::by_arn(std::move(resource)));
}

Stack* Call::find_stack() const {
    const auto* named = parameters.find("StackName");
    return named != nullptr ? stacks.find(caller.region, *named) : nullptr;
}

Outcome<Stack*> Call::stack_with_id() const {
    auto name = required("StackName", "stackName");
    if (!name) return std::unexpected(name.error());
    if (auto* stack = find_stack()) return stack;
    return invalid(fmt::format("Stack with id {} does not exist", *name));
}

Outcome<Stack*> Call::stack_in_brackets() const {
    auto name = required("StackName", "stackName");
    if (!name) return std::unexpected(name.error());
    if (auto* stack = find_stack()) return stack;
    return invalid(fmt::format("Stack [{}] does not exist", *name));
}

Outcome<Stack*> Call::stack_in_quotes() const {
    auto name = required("StackName", "stackName");
    if (!name) return std::unexpected(name.error());
    if (auto* stack = find_stack()) return stack;
    return invalid(fmt::format("Stack '{}' does not exist", *name));
}

FoundChangeSet Call::find_change_set() const {
    const auto wanted = parameters.get("ChangeSetName");
    auto* named = find_stack();
    for (auto& stack : stacks.all)
        for (auto& [name, change_set] : stack.change_sets)
            if (change_set.id == wanted || (name == wanted && &stack == named)) return {&stack, &change_set};
    return {named, nullptr};
}

Outcome<std::string> Call::required(std::string_view name, std::string_view member) const {
    if (const auto* value = parameters.find(name); value != nullptr && !value->empty()) return *value;
    return invalid(fmt::format(
        "1 validation error detected: Value null at '{}' failed to satisfy constraint: Member must not be "
        "null",
        member));
}

Outcome<void> Call::refuse_unsupported(std::initializer_list<std::string_view> names) const {
    for (const auto name : names) {
        const auto value = parameters.get(name);
        const auto members = std::string(name) + ".member";
        if ((value.empty() || value == "false") && parameters.list(members).empty() &&
            parameters.structures(members).empty())
            continue;
        return invalid(fmt::format("{} is not supported here yet.", name));
    }
    return {};
}

}  // namespace keytide::lab::cloudformation
