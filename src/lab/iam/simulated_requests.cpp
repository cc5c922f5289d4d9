#include "lab/iam/simulated_requests.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "iam_policy/operand.hpp"
#include "lab/constraints.hpp"

namespace keytide::lab::iam {
namespace {

constexpr std::size_t most_requests = 1'000'000;

std::unexpected<ServiceError> invalid(std::string message) {
    return refuse("InvalidInput", std::move(message), 400);
}

Outcome<void> check_actions(const std::vector<std::string>& actions) {
    for (std::size_t i = 0; i < actions.size(); ++i) {
        const auto& action = actions[i];
        if (auto fits = check_length(fmt::format("actionNames.{}.member", i + 1), action, 3, 128); !fits)
            return fits;
        const auto colon = action.find(':');
        if (colon == 0 || colon == std::string::npos || colon + 1 == action.size() ||
            action.find_first_of("*? ") != std::string::npos)
            return invalid(fmt::format("Invalid Action Name: {}", action));
    }
    return {};
}

Outcome<void> check_resources(const std::vector<std::string>& resources) {
    for (std::size_t i = 0; i < resources.size(); ++i) {
        if (auto fits = check_length(fmt::format("resourceArns.{}.member", i + 1), resources[i], 1, 2048);
            !fits)
            return fits;
        if (resources[i] != "*" && !Arn::parse(resources[i]))
            return invalid(fmt::format("Invalid Resource Arn: {}", resources[i]));
    }
    return {};
}

// string, numeric, boolean, ip, binary and date, each with List behind it or not.
constexpr std::array<std::string_view, 6> types{"string", "numeric", "boolean", "ip", "binary", "date"};

bool fits(std::string_view type, std::string_view value) {
    if (type == "numeric") return iam_policy::read_number(value).has_value();
    if (type == "boolean") return value == "true" || value == "false";
    if (type == "ip") return iam_policy::read_network(value).has_value();
    if (type == "date") return iam_policy::read_date(value).has_value();
    return true;
}

Outcome<void> add_entry(iam_policy::MapContext& context, const Parameters& entry, std::size_t number) {
    const auto member = fmt::format("contextEntries.{}.member.", number);
    const auto name = entry.get("ContextKeyName");
    if (auto valid = check_length(member + "contextKeyName", name, 5, 256); !valid) return valid;
    auto type = entry.get("ContextKeyType", "string");
    const bool is_list = type.ends_with("List");
    if (is_list) type.remove_suffix(4);
    if (std::find(types.begin(), types.end(), type) == types.end())
        return std::unexpected(constraint_violated(
            member + "contextKeyType",
            "Member must satisfy enum value set: [string, stringList, numeric, numericList, boolean, "
            "booleanList, ip, ipList, binary, binaryList, date, dateList]"));
    auto values = entry.list("ContextKeyValues.member");
    if (!is_list && values.size() != 1)
        return invalid(fmt::format("Context key {} must have one value.", name));
    for (const auto& value : values)
        if (!fits(type, value))
            return invalid(fmt::format("{} is not a valid {} value for context key {}.", value, type, name));
    context.set(name, std::move(values));
    return {};
}

// An account, as a number or as its root's ARN.
Outcome<std::string> owner_named(std::string_view text) {
    const auto is_number = [](std::string_view id) {
        return id.size() == 12 &&
               std::all_of(id.begin(), id.end(), [](char c) { return c >= '0' && c <= '9'; });
    };
    if (text.empty() || is_number(text)) return std::string(text);
    if (const auto arn = Arn::parse(text); arn && is_number(arn->account)) return arn->account;
    return invalid(fmt::format("Invalid Resource Owner: {}", text));
}

}  // namespace

Outcome<SimulatedRequests> read_simulated_requests(const Call& call) {
    SimulatedRequests requests;
    requests.actions = call.parameters.list("ActionNames.member");
    if (requests.actions.empty())
        if (auto given = call.required("ActionNames.member.1", "actionNames"); !given)
            return std::unexpected(given.error());
    if (auto valid = check_actions(requests.actions); !valid) return std::unexpected(valid.error());
    requests.resources = call.parameters.list("ResourceArns.member");
    if (auto valid = check_resources(requests.resources); !valid) return std::unexpected(valid.error());
    if (requests.resources.empty()) requests.resources = {"*"};
    requests.names_resources = requests.resources != std::vector<std::string>{"*"};
    if (requests.count() > most_requests)
        return invalid(fmt::format("More than {} combinations of actions and resources.", most_requests));
    auto owner = owner_named(call.parameters.get("ResourceOwner"));
    if (!owner) return std::unexpected(owner.error());
    requests.resource_owner = std::move(*owner);
    std::size_t number = 0;
    for (const auto& entry : call.parameters.structures("ContextEntries.member"))
        if (auto added = add_entry(requests.context, entry, ++number); !added)
            return std::unexpected(added.error());
    return requests;
}

}  // namespace keytide::lab::iam
