#include "lab/cloudformation/conditions.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

namespace keytide::lab::cloudformation {
namespace {

std::unexpected<ServiceError> malformed(std::string message) {
    return refuse("ValidationError", "Template format error: " + std::move(message), 400);
}

Outcome<void> check_names(const Names& names, const Value& conditions, const Value& mappings,
                          const std::function<bool(const std::string&)>& is_parameter) {
    std::vector<std::string> resources;
    for (const auto& reference : names.references)
        if (!reference.attribute.empty() || !is_parameter(reference.to)) resources.push_back(reference.to);
    if (!resources.empty())
        return malformed(
            fmt::format("Unresolved dependencies [{}]. Cannot reference resources in the Conditions block of "
                        "the template",
                        fmt::join(resources, ", ")));
    for (const auto& name : names.conditions)
        if (conditions.find(name) == nullptr)
            return malformed(fmt::format(
                "Unresolved condition dependency {} in the Conditions block of the template", name));
    for (const auto& name : names.mappings)
        if (mappings.find(name) == nullptr)
            return template_error(fmt::format(
                "Mapping named '{}' is not present in the 'Mappings' section of template.", name));
    return {};
}

class Conditions {
public:
    Conditions(const Value& all, const Value& mappings,
               const std::function<Outcome<Value>(const Reference&)>& look_up)
        : all_(all), surroundings_{look_up, values_, mappings} {}

    Outcome<ConditionValues> evaluate_all() {
        for (const auto& [name, condition] : all_.members)
            if (auto value = named(name); !value) return std::unexpected(value.error());
        return values_;
    }

private:
    Outcome<bool> named(const std::string& name) {
        if (const auto known = values_.find(name); known != values_.end()) return known->second;
        auto value = of(*all_.find(name));
        if (value) values_.emplace(name, *value);
        return value;
    }

    Outcome<bool> of(const Value& condition) {
        const auto& [function, argument] = condition.members.front();
        if (function == "Condition") return named(argument.scalar);
        if (function == "Fn::Equals") return equals(argument);
        if (function == "Fn::Not") {
            auto value = of(argument.items[0]);
            if (value) *value = !*value;
            return value;
        }
        const bool decides = function == "Fn::Or";
        for (const auto& item : argument.items) {
            auto value = of(item);
            if (!value || *value == decides) return value;
        }
        return !decides;
    }

    Outcome<bool> equals(const Value& argument) {
        // An Fn::If in here asks a condition that must have been looked at before.
        const auto names = names_in(argument);
        for (const auto& name : names->conditions)
            if (auto value = named(name); !value) return value;
        auto left = evaluate_text(argument.items[0], surroundings_);
        if (!left) return std::unexpected(left.error());
        auto right = evaluate_text(argument.items[1], surroundings_);
        if (!right) return std::unexpected(right.error());
        return *left == *right;
    }

    const Value& all_;
    ConditionValues values_;
    Surroundings surroundings_;
};

}  // namespace

Outcome<void> check_conditions(const Value& conditions, const Value& mappings,
                               const std::function<bool(const std::string&)>& is_parameter) {
    std::vector<Node> nodes;
    for (const auto& [name, condition] : conditions.members) {
        constexpr std::array<std::string_view, 5> boolean{"Fn::Equals", "Fn::And", "Fn::Or", "Fn::Not",
                                                          "Condition"};
        if (condition.members.size() != 1 ||
            std::find(boolean.begin(), boolean.end(), condition.members[0].key) == boolean.end())
            return malformed("Conditions can only be boolean operations on parameters and other conditions");
        auto names = names_in(condition, Place::condition);
        if (!names) return std::unexpected(names.error());
        if (auto known = check_names(*names, conditions, mappings, is_parameter); !known) return known;
        nodes.push_back({name, {names->conditions.begin(), names->conditions.end()}});
    }
    if (!creation_order(nodes)) return malformed("Circular dependency between conditions");
    return {};
}

Outcome<ConditionValues> evaluate_conditions(const Value& conditions, const Value& mappings,
                                             const std::function<Outcome<Value>(const Reference&)>& look_up) {
    return Conditions(conditions, mappings, look_up).evaluate_all();
}

}  // namespace keytide::lab::cloudformation
