#include "lab/cloudformation/template_parameters.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <set>

#include "lab/cloudformation/allowed_pattern.hpp"

namespace keytide::lab::cloudformation {
namespace {

using Type = DeclaredParameter::Type;

constexpr std::size_t most_parameters = 200;
constexpr std::size_t longest_name = 255;
constexpr std::size_t longest_value = 4096;
constexpr std::size_t longest_description = 4000;

constexpr std::array<std::pair<std::string_view, Type>, 4> types{{
    {"String", Type::text},
    {"Number", Type::number},
    {"List<Number>", Type::numbers},
    {"CommaDelimitedList", Type::comma_list},
}};

std::unexpected<ServiceError> invalid(std::string message) {
    return refuse("ValidationError", std::move(message), 400);
}

std::unexpected<ServiceError> malformed(std::string message) {
    return invalid("Template format error: " + std::move(message));
}

bool is_alphanumeric(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    });
}

std::optional<double> number(std::string_view text) {
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
}

std::vector<std::string> items_of(std::string_view text) {
    std::vector<std::string> items;
    if (text.empty()) return items;
    for (;;) {
        const auto comma = text.find(',');
        auto item = text.substr(0, comma);
        while (item.starts_with(' ')) item.remove_prefix(1);
        while (item.ends_with(' ')) item.remove_suffix(1);
        items.emplace_back(item);
        if (comma == std::string_view::npos) return items;
        text.remove_prefix(comma + 1);
    }
}

// One member of a declaration, put where it belongs.
Outcome<void> read_member(DeclaredParameter& parameter, const std::string& member, const Value& value) {
    const auto wrong = [&](std::string_view what) {
        return malformed(fmt::format("Parameter {}: {} must be {}.", parameter.name, member, what));
    };
    const auto read_number = [&](auto& place) -> Outcome<void> {
        const auto read = value.is_scalar() ? number(value.scalar) : std::nullopt;
        if (!read || *read < (member.ends_with("Length") ? 0 : -1e300)) return wrong("a number");
        using Number = typename std::remove_reference_t<decltype(place)>::value_type;
        place = Number(*read);
        return {};
    };
    if (member == "AllowedValues") {
        parameter.allowed_values.emplace();
        for (const auto& item : value.items) {
            if (!item.is_scalar()) return wrong("a list of strings");
            parameter.allowed_values->push_back(item.scalar);
        }
        return value.is_list() && !value.items.empty() ? Outcome<void>{} : wrong("a list of strings");
    }
    if (!value.is_scalar()) return wrong("a string");
    if (member == "Type") {
        const auto known = std::find_if(types.begin(), types.end(),
                                        [&](const auto& one) { return one.first == value.scalar; });
        if (known != types.end())
            parameter.type = known->second;
        else if (value.scalar.starts_with("AWS::") || value.scalar.starts_with("List<AWS::"))
            return malformed(fmt::format("the parameter type {} is not supported here yet.", value.scalar));
        else
            return malformed(fmt::format("Unrecognized parameter type: {}", value.scalar));
        return {};
    }
    if (member == "Default") return parameter.default_value = value.scalar, Outcome<void>{};
    if (member == "AllowedPattern") return parameter.allowed_pattern = value.scalar, Outcome<void>{};
    if (member == "ConstraintDescription")
        return parameter.constraint_description = value.scalar, Outcome<void>{};
    if (member == "Description") {
        if (value.scalar.size() > longest_description)
            return malformed(fmt::format("Parameter '{}' Description length is greater than {}.",
                                         parameter.name, longest_description));
        return parameter.description = value.scalar, Outcome<void>{};
    }
    if (member == "NoEcho") return parameter.no_echo = value.scalar == "true", Outcome<void>{};
    if (member == "MinLength") return read_number(parameter.min_length);
    if (member == "MaxLength") return read_number(parameter.max_length);
    if (member == "MinValue") return read_number(parameter.min_value);
    if (member == "MaxValue") return read_number(parameter.max_value);
    return invalid(fmt::format("Invalid template parameter property '{}'", member));
}

std::unexpected<ServiceError> unsatisfied(const DeclaredParameter& parameter, const std::string& rule) {
    if (!parameter.constraint_description.empty())
        return invalid(fmt::format("Parameter {} failed to satisfy constraint: {}", parameter.name,
                                   parameter.constraint_description));
    return invalid(fmt::format("Parameter '{}' {}", parameter.name, rule));
}

Outcome<void> check_item(const DeclaredParameter& parameter, const std::string& value) {
    if (parameter.allowed_values &&
        std::find(parameter.allowed_values->begin(), parameter.allowed_values->end(), value) ==
            parameter.allowed_values->end())
        return unsatisfied(parameter, "must be one of AllowedValues");
    if (parameter.allowed_pattern) {
        auto matches = matches_pattern(*parameter.allowed_pattern, value);
        if (!matches) return std::unexpected(matches.error());
        if (!*matches)
            return unsatisfied(parameter, fmt::format("must match pattern {}", *parameter.allowed_pattern));
    }
    if (parameter.type == Type::text) {
        if (parameter.min_length && value.size() < *parameter.min_length)
            return unsatisfied(parameter,
                               fmt::format("must contain at least {} characters", *parameter.min_length));
        if (parameter.max_length && value.size() > *parameter.max_length)
            return unsatisfied(parameter,
                               fmt::format("must contain at most {} characters", *parameter.max_length));
    }
    if (parameter.type != Type::number && parameter.type != Type::numbers) return {};
    const auto read = number(value);
    if (!read) return unsatisfied(parameter, "must be a number");
    if (parameter.min_value && *read < *parameter.min_value)
        return unsatisfied(parameter, fmt::format("must be a number not less than {}", *parameter.min_value));
    if (parameter.max_value && *read > *parameter.max_value)
        return unsatisfied(parameter,
                           fmt::format("must be a number not greater than {}", *parameter.max_value));
    return {};
}

Outcome<void> check_value(const DeclaredParameter& parameter, const std::string& value) {
    if (value.size() > longest_value)
        return invalid(
            fmt::format("Parameter '{}' must contain at most {} characters", parameter.name, longest_value));
    if (!parameter.is_list()) return check_item(parameter, value);
    for (const auto& item : items_of(value))
        if (auto fits = check_item(parameter, item); !fits) return fits;
    return {};
}

}  // namespace

std::string_view to_text(DeclaredParameter::Type type) {
    return types[std::size_t(type)].first;
}

Outcome<std::vector<DeclaredParameter>> read_parameters(const Value* section) {
    std::vector<DeclaredParameter> parameters;
    if (section == nullptr) return parameters;
    if (!section->is_object()) return malformed("Parameters must be an object.");
    if (section->members.size() > most_parameters)
        return malformed(fmt::format("Number of parameters, {}, is greater than maximum allowed, {}",
                                     section->members.size(), most_parameters));
    for (const auto& [name, body] : section->members) {
        if (!is_alphanumeric(name) || name.size() > longest_name)
            return malformed(fmt::format("Parameter name {} is non alphanumeric.", name));
        if (!body.is_object()) return malformed("Any Parameters member must be an object.");
        if (body.find("Type") == nullptr)
            return malformed("Every Parameters object must contain a Type member.");
        auto& parameter = parameters.emplace_back();
        parameter.name = name;
        for (const auto& [member, value] : body.members)
            if (auto read = read_member(parameter, member, value); !read)
                return std::unexpected(read.error());
        if (parameter.allowed_pattern)
            if (auto pattern = matches_pattern(*parameter.allowed_pattern, ""); !pattern)
                return std::unexpected(pattern.error());
        if (parameter.default_value)
            if (auto fits = check_value(parameter, *parameter.default_value); !fits)
                return std::unexpected(fits.error());
    }
    return parameters;
}

Outcome<ParameterValues> parameter_values(const std::vector<DeclaredParameter>& declared,
                                          const std::vector<GivenParameter>& given,
                                          const ParameterValues* previous) {
    std::map<std::string, const GivenParameter*, std::less<>> by_name;
    for (const auto& one : given)
        if (!by_name.emplace(one.name, &one).second)
            return invalid(fmt::format("Duplicate parameter values specified for parameter {}", one.name));
    std::vector<std::string> unknown, missing;
    for (const auto& [name, one] : by_name)
        if (std::none_of(declared.begin(), declared.end(),
                         [&](const DeclaredParameter& parameter) { return parameter.name == name; }))
            unknown.push_back(name);
    if (!unknown.empty() && declared.empty())
        return invalid("Parameter values specified for a template which does not require them.");
    if (!unknown.empty())
        return invalid(
            fmt::format("Parameters: [{}] do not exist in the template", fmt::join(unknown, ", ")));

    ParameterValues values;
    for (const auto& parameter : declared) {
        const auto one = by_name.find(parameter.name);
        if (one != by_name.end() && !one->second->use_previous) {
            values.emplace(parameter.name, one->second->value);
        } else if (one != by_name.end()) {
            const auto before =
                previous != nullptr ? previous->find(parameter.name) : ParameterValues::const_iterator{};
            if (previous == nullptr || before == previous->end())
                return invalid(
                    fmt::format("Invalid input for parameter key {}. Cannot specify usePreviousValue as true "
                                "for a parameter "
                                "key not in the previous template",
                                parameter.name));
            values.emplace(parameter.name, before->second);
        } else if (parameter.default_value) {
            values.emplace(parameter.name, *parameter.default_value);
        } else {
            missing.push_back(parameter.name);
        }
    }
    if (!missing.empty())
        return invalid(fmt::format("Parameters: [{}] must have values", fmt::join(missing, ", ")));
    for (const auto& parameter : declared)
        if (auto fits = check_value(parameter, values.find(parameter.name)->second); !fits)
            return std::unexpected(fits.error());
    return values;
}

Value referred_value(const DeclaredParameter& declared, const std::string& value) {
    if (!declared.is_list()) return Value::text(value);
    auto list = Value::of(Value::Kind::list);
    for (auto& item : items_of(value)) list.items.push_back(Value::text(std::move(item)));
    return list;
}

std::string shown_value(const DeclaredParameter& declared, const std::string& value) {
    return declared.no_echo ? "****" : value;
}

}  // namespace keytide::lab::cloudformation
