#include "lab/cloudformation/intrinsics.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

#include "lab/cloudformation/substitution.hpp"

namespace keytide::lab::cloudformation {
namespace {

bool names_function(const std::string& key) {
    return key == "Ref" || key.starts_with("Fn::");
}

bool is_list_of(const Value& value, std::size_t count) {
    return value.is_list() && value.items.size() == count;
}

// A policy has a Condition too: only in the Conditions section is it a function.
bool is_function(const Value& value, Place place) {
    return is_intrinsic(value) || (place == Place::condition && value.find("Condition") != nullptr);
}

class Collector {
public:
    explicit Collector(Place place) : place_(place) {}

    Outcome<void> collect(const Value& value) {
        if (is_function(value, place_)) return collect_function(value);
        for (const auto& item : value.items)
            if (auto done = collect(item); !done) return done;
        for (const auto& [key, member] : value.members)
            if (auto done = collect(member); !done) return done;
        return {};
    }

    Names take() { return std::move(names_); }

private:
    struct Function {
        std::string_view name;
        Outcome<void> (Collector::*collect)(const Value& argument);
        bool in_conditions_only;
    };
    static const std::array<Function, 13> functions;

    Outcome<void> collect_function(const Value& value) {
        const auto& [name, argument] = value.members.front();
        if (name == "Ref" && value.members.size() > 1) return ref(Value{});
        for (const auto& function : functions)
            if (function.name == name && value.members.size() == 1 &&
                (place_ == Place::condition || !function.in_conditions_only))
                return (this->*function.collect)(argument);
        std::vector<std::string_view> supported;
        for (const auto& function : functions)
            if (place_ == Place::condition || !function.in_conditions_only)
                supported.push_back(function.name);
        return template_error(
            fmt::format("Encountered unsupported function: {} Supported functions are: [{}]", name,
                        fmt::join(supported, ", ")));
    }

    Outcome<void> ref(const Value& argument) {
        if (!argument.is_text() || argument.scalar.empty())
            return template_error("every Ref object must have a single String value.");
        names_.references.push_back({argument.scalar, {}});
        return {};
    }

    Outcome<void> get_att(const Value& argument) {
        auto reference = attribute_reference(argument);
        if (!reference) return std::unexpected(reference.error());
        names_.references.push_back(std::move(*reference));
        return {};
    }

    Outcome<void> sub(const Value& argument) {
        const bool maps =
            is_list_of(argument, 2) && argument.items[1].is_object() && !is_intrinsic(argument.items[1]);
        const auto& text = maps ? argument.items[0] : argument;
        if (!text.is_text())
            return template_error(
                "One or more Fn::Sub intrinsic functions don't specify expected arguments. Specify a string "
                "as first argument, and an optional second argument to specify a mapping of values to "
                "replace in the string");
        const auto fragments = fragments_of(text.scalar);
        if (!fragments) return std::unexpected(fragments.error());
        for (const auto& fragment : *fragments)
            if (fragment.is_variable && !(maps && argument.items[1].find(fragment.text) != nullptr))
                names_.references.push_back(reference_of(fragment));
        if (!maps) return {};
        for (const auto& [key, member] : argument.items[1].members)
            if (auto done = collect(member); !done) return done;
        return {};
    }

    Outcome<void> join(const Value& argument) {
        if (!is_list_of(argument, 2) || !argument.items[0].is_text() ||
            !(argument.items[1].is_list() || is_intrinsic(argument.items[1])))
            return template_error(
                "every Fn::Join object requires two parameters, (1) a string delimiter and (2) a list of "
                "strings to be joined or a function that returns a list of strings (such as Fn::GetAZs) to "
                "be joined.");
        return collect(argument.items[1]);
    }

    Outcome<void> split(const Value& argument) {
        if (!is_list_of(argument, 2) || !argument.items[0].is_text() || argument.items[0].scalar.empty() ||
            !(argument.items[1].is_text() || is_intrinsic(argument.items[1])))
            return template_error(
                "every Fn::Split object requires two parameters, (1) a string delimiter and (2) a string to "
                "be split or a function that returns a string to be split.");
        return collect(argument.items[1]);
    }

    Outcome<void> select(const Value& argument) {
        if (!is_list_of(argument, 2) || !(argument.items[0].is_scalar() || is_intrinsic(argument.items[0])) ||
            !(argument.items[1].is_list() || is_intrinsic(argument.items[1])))
            return template_error(
                "every Fn::Select object requires two parameters, the index and a list of strings");
        return collect_all(argument);
    }

    Outcome<void> find_in_map(const Value& argument) {
        const auto fits = [](const Value& item) { return item.is_scalar() || is_intrinsic(item); };
        if (!is_list_of(argument, 3) || !std::all_of(argument.items.begin(), argument.items.end(), fits))
            return template_error(
                "every Fn::FindInMap object requires three parameters, the map name, map key and the "
                "attribute for return value");
        if (argument.items[0].is_text()) names_.mappings.push_back(argument.items[0].scalar);
        return collect_all(argument);
    }

    Outcome<void> if_else(const Value& argument) {
        if (!argument.is_list() || argument.items.empty() || !argument.items[0].is_text())
            return template_error("Fn::If requires a list argument with the first element being a condition");
        if (argument.items.size() != 3)
            return template_error("Fn::If requires a list argument with three elements");
        names_.conditions.push_back(argument.items[0].scalar);
        if (auto done = collect(argument.items[1]); !done) return done;
        return collect(argument.items[2]);
    }

    Outcome<void> equals(const Value& argument) {
        const auto fits = [](const Value& item) { return item.is_scalar() || is_intrinsic(item); };
        if (!is_list_of(argument, 2) || !std::all_of(argument.items.begin(), argument.items.end(), fits))
            return template_error("every Fn::Equals object requires a list of 2 string parameters.");
        Collector compared(Place::resource);  // texts, for which there are no boolean functions
        if (auto done = compared.collect_all(argument); !done) return done;
        const auto add = [](auto& to, auto& from) { to.insert(to.end(), from.begin(), from.end()); };
        add(names_.references, compared.names_.references);
        add(names_.conditions, compared.names_.conditions);
        add(names_.mappings, compared.names_.mappings);
        return {};
    }

    Outcome<void> conjunction(const Value& argument) { return connective(argument, "Fn::And"); }
    Outcome<void> disjunction(const Value& argument) { return connective(argument, "Fn::Or"); }

    Outcome<void> connective(const Value& argument, std::string_view name) {
        if (!argument.is_list() || argument.items.size() < 2 || argument.items.size() > 10 ||
            !are_boolean(argument))
            return template_error(fmt::format(
                "every {} object requires a list of at least 2 and at most 10 boolean parameters.", name));
        return collect_all(argument);
    }

    Outcome<void> negation(const Value& argument) {
        if (!is_list_of(argument, 1) || !are_boolean(argument))
            return template_error("every Fn::Not object requires one boolean parameter.");
        return collect_all(argument);
    }

    Outcome<void> condition(const Value& argument) {
        if (!argument.is_text())
            return template_error("every Condition object must have a single String value.");
        names_.conditions.push_back(argument.scalar);
        return {};
    }

    static bool are_boolean(const Value& list) {
        constexpr std::array<std::string_view, 5> boolean{"Fn::Equals", "Fn::And", "Fn::Or", "Fn::Not",
                                                          "Condition"};
        return std::all_of(list.items.begin(), list.items.end(), [&](const Value& item) {
            return item.members.size() == 1 &&
                   std::find(boolean.begin(), boolean.end(), item.members[0].key) != boolean.end();
        });
    }

    Outcome<void> collect_all(const Value& list) {
        for (const auto& item : list.items)
            if (auto done = collect(item); !done) return done;
        return {};
    }

    Place place_;
    Names names_;
};

const std::array<Collector::Function, 13> Collector::functions{{
    {"Fn::FindInMap", &Collector::find_in_map, false},
    {"Fn::GetAtt", &Collector::get_att, false},
    {"Fn::If", &Collector::if_else, false},
    {"Fn::Join", &Collector::join, false},
    {"Fn::Select", &Collector::select, false},
    {"Fn::Split", &Collector::split, false},
    {"Fn::Sub", &Collector::sub, false},
    {"Ref", &Collector::ref, false},
    {"Condition", &Collector::condition, true},
    {"Fn::And", &Collector::conjunction, true},
    {"Fn::Equals", &Collector::equals, true},
    {"Fn::Not", &Collector::negation, true},
    {"Fn::Or", &Collector::disjunction, true},
}};

}  // namespace

bool is_intrinsic(const Value& value) {
    return std::any_of(value.members.begin(), value.members.end(),
                       [](const Member& member) { return names_function(member.key); });
}

Outcome<Names> names_in(const Value& value, Place place) {
    Collector collector(place);
    if (auto done = collector.collect(value); !done) return std::unexpected(done.error());
    return collector.take();
}

Outcome<Reference> attribute_reference(const Value& argument) {
    Reference reference;
    if (is_list_of(argument, 2) && argument.items[0].is_text() && argument.items[1].is_text()) {
        reference = {argument.items[0].scalar, argument.items[1].scalar};
    } else if (argument.is_text()) {
        const auto dot = argument.scalar.find('.');
        if (dot != std::string::npos)
            reference = {argument.scalar.substr(0, dot), argument.scalar.substr(dot + 1)};
    }
    if (reference.to.empty() || reference.attribute.empty())
        return template_error(
            "every Fn::GetAtt object requires two non-empty parameters, the resource name and the resource "
            "attribute");
    return reference;
}

Outcome<std::vector<std::size_t>> creation_order(const std::vector<Node>& nodes) {
    std::vector<std::size_t> order;
    std::set<std::string> placed;
    std::vector<bool> done(nodes.size());
    for (bool progress = true; progress;) {
        progress = false;
        for (std::size_t i = 0; i < nodes.size(); ++i) {
            const auto& needs = nodes[i].depends_on;
            if (done[i] || !std::all_of(needs.begin(), needs.end(),
                                        [&](const std::string& id) { return placed.contains(id); }))
                continue;
            order.push_back(i);
            placed.insert(nodes[i].id);
            done[i] = progress = true;
        }
    }
    if (order.size() == nodes.size()) return order;
    std::vector<std::string> circle;
    for (std::size_t i = 0; i < nodes.size(); ++i)
        if (!done[i]) circle.push_back(nodes[i].id);
    return refuse("ValidationError",
                  fmt::format("Circular dependency between resources: [{}]", fmt::join(circle, ", ")), 400);
}

}  // namespace keytide::lab::cloudformation
