#include "lab/cloudformation/bound_template.hpp"

#include <fmt/format.h>

#include "lab/cloudformation/conditions.hpp"

namespace keytide::lab::cloudformation {
namespace {

Value pseudo_parameter(const std::string& name, const StackPlace& place) {
    if (name == "AWS::AccountId") return Value::text(place.account);
    if (name == "AWS::NotificationARNs") return Value::of(Value::Kind::list);
    if (name == "AWS::Partition") return Value::text("aws");
    if (name == "AWS::Region") return Value::text(place.region);
    if (name == "AWS::StackId") return Value::text(place.id);
    if (name == "AWS::StackName") return Value::text(place.name);
    if (name == "AWS::URLSuffix") return Value::text("amazonaws.com");
    return {};  // AWS::NoValue
}

Value parameter(const BoundTemplate& bound, const std::string& name, const StackPlace& place,
                BoundTemplate::NoEcho no_echo = BoundTemplate::NoEcho::reveal) {
    if (is_pseudo_parameter(name)) return pseudo_parameter(name, place);
    const auto& declared = *bound.declared.find_parameter(name);
    const auto& value = bound.parameters.find(name)->second;
    return referred_value(declared,
                          no_echo == BoundTemplate::NoEcho::mask ? shown_value(declared, value) : value);
}

// Only the branches that the conditions take count.
Outcome<void> check_references(const BoundTemplate& bound, const StackPlace& place) {
    const auto check = [&](const Value& value, std::string_view prefix,
                           std::string_view block) -> Outcome<void> {
        std::string missing;
        auto evaluated = bound.evaluate(value, place, [&](const Reference& reference) {
            if (bound.find(reference.to) == nullptr) missing = reference.to;
            return std::string("x");
        });
        // What else is wrong may only seem so, since nothing is there yet.
        if (missing.empty()) return {};
        return refuse("ValidationError",
                      fmt::format("{}Unresolved resource dependencies [{}] in the {} block of the template",
                                  prefix, missing, block),
                      400);
    };
    for (const auto& one : bound.declared.resources)
        if (bound.includes(one))
            if (auto whole = check(one.properties, "Template format error: ", "Resources"); !whole)
                return whole;
    for (const auto& output : bound.declared.outputs)
        if (bound.holds(output.condition))
            if (auto whole = check(output.value, "", "Outputs"); !whole) return whole;
    return {};
}

}  // namespace

bool BoundTemplate::holds(const std::string& condition) const {
    return condition.empty() || conditions.find(condition)->second;
}

const Declaration* BoundTemplate::find(std::string_view logical_id) const {
    const auto* found = declared.find(logical_id);
    return found != nullptr && includes(*found) ? found : nullptr;
}

Outcome<Value> BoundTemplate::evaluate(const Value& value, const StackPlace& place, const LookUp& resource,
                                       NoEcho no_echo) const {
    const Surroundings surroundings{
        [&](const Reference& reference) -> Outcome<Value> {
            if (!reference.attribute.empty() || declared.find(reference.to) != nullptr)
                return Value::text(resource(reference));
            return parameter(*this, reference.to, place, no_echo);
        },
        conditions, declared.mappings};
    return cloudformation::evaluate(value, surroundings);
}

Outcome<BoundTemplate> bind_template(Template declared, const std::vector<GivenParameter>& given,
                                     const ParameterValues* previous, const StackPlace& place) {
    auto values = parameter_values(declared.parameters, given, previous);
    if (!values) return std::unexpected(values.error());
    BoundTemplate bound{std::move(declared), std::move(*values), {}};
    auto conditions = evaluate_conditions(
        bound.declared.conditions, bound.declared.mappings,
        [&](const Reference& reference) -> Outcome<Value> { return parameter(bound, reference.to, place); });
    if (!conditions) return std::unexpected(conditions.error());
    bound.conditions = std::move(*conditions);
    if (auto whole = check_references(bound, place); !whole) return std::unexpected(whole.error());
    return bound;
}

}  // namespace keytide::lab::cloudformation
