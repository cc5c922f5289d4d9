#include "lab/cloudformation/stack_request.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "lab/cloudformation/stack_tags.hpp"
#include "lab/query_protocol.hpp"

namespace keytide::lab::cloudformation {
namespace {

constexpr std::size_t most_stacks = 2000;

std::vector<GivenParameter> given_parameters(const Call& call) {
    std::vector<GivenParameter> given;
    for (const auto& one : call.parameters.structures("Parameters.member"))
        given.push_back({std::string(one.get("ParameterKey")), std::string(one.get("ParameterValue")),
                         one.get("UsePreviousValue") == "true"});
    return given;
}

Outcome<void> check_capability_names(const std::vector<std::string>& names) {
    for (const auto& name : names)
        if (name != "CAPABILITY_IAM" && name != "CAPABILITY_NAMED_IAM" && name != "CAPABILITY_AUTO_EXPAND")
            return std::unexpected(constraint_violated(
                "capabilities",
                "Member must satisfy constraint: [Member must satisfy enum value set: [CAPABILITY_NAMED_IAM, "
                "CAPABILITY_AUTO_EXPAND, CAPABILITY_IAM]]"));
    return {};
}

}  // namespace

Outcome<Template> requested_template(const Call& call, const Stack* stack) {
    const bool previous = call.parameters.get("UsePreviousTemplate") == "true";
    const auto* body = call.parameters.find("TemplateBody");
    if (body != nullptr && previous)
        return invalid("You cannot specify both usePreviousTemplate and Template Body/Template URL.");
    if (body != nullptr) return parse_template(*body);
    if (previous && stack != nullptr && stack->current) return stack->current->declared;
    return invalid("Either Template URL or Template Body must be specified.");
}

Outcome<StackRequest> read_stack_request(const Call& call, const Stack* stack, const StackPlace& place) {
    auto declared = requested_template(call, stack);
    if (!declared) return std::unexpected(declared.error());
    auto capabilities = call.parameters.list("Capabilities.member");
    if (auto known = check_capability_names(capabilities); !known) return std::unexpected(known.error());
    const auto* previous = stack != nullptr && stack->current ? &stack->current->parameters : nullptr;
    auto bound = bind_template(std::move(*declared), given_parameters(call), previous, place);
    if (!bound) return std::unexpected(bound.error());
    if (auto enough = check_capabilities(bound->declared, capabilities); !enough)
        return std::unexpected(enough.error());
    auto tags = requested_tags(call, stack);
    if (!tags) return std::unexpected(tags.error());
    bound->tags = std::move(*tags);
    return StackRequest{std::move(*bound), std::move(capabilities)};
}

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

Outcome<StackPlace> new_place(const Call& call, const std::string& name) {
    if (auto valid = check_name("stackName", name); !valid) return std::unexpected(valid.error());
    const auto living = std::count_if(call.stacks.all.begin(), call.stacks.all.end(),
                                      [](const Stack& one) { return !one.deleted; });
    if (std::size_t(living) >= most_stacks)
        return refuse("LimitExceededException", "Limit for stack has been exceeded", 400);
    return StackPlace{call.account.id(), call.caller.region, name,
                      call.arn("stack", name, draw_uuid(call.account.randomness()))};
}

Stack& add_stack(const Call& call, const StackPlace& place) {
    auto& stack = call.stacks.all.emplace_back();
    stack.id = place.id;
    stack.name = place.name;
    stack.region = place.region;
    stack.account = place.account;
    stack.created = call.now;
    return stack;
}

Outcome<void> refuse_unsupported_options(const Call& call, std::initializer_list<std::string_view> more) {
    auto known = call.refuse_unsupported(
        {"TemplateURL", "ResourceTypes", "RoleARN", "NotificationARNs",
         "RollbackConfiguration.MonitoringTimeInMinutes", "RollbackConfiguration.RollbackTriggers",
         "StackPolicyBody", "StackPolicyURL", "StackPolicyDuringUpdateBody", "StackPolicyDuringUpdateURL",
         "TimeoutInMinutes", "RetainExceptOnCreate"});
    return known ? call.refuse_unsupported(more) : known;
}

}  // namespace keytide::lab::cloudformation
