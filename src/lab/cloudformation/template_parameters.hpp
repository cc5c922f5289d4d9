// The Parameters section: what a template asks of whoever deploys it.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "lab/cloudformation/value.hpp"
#include "lab/service_error.hpp"

namespace keytide::lab::cloudformation {

struct DeclaredParameter {
    enum class Type { text, number, numbers, comma_list };

    std::string name;
    Type type = Type::text;
    std::optional<std::string> default_value{};
    std::string description{}, constraint_description{};
    bool no_echo = false;
    std::optional<std::vector<std::string>> allowed_values{};
    std::optional<std::string> allowed_pattern{};
    std::optional<std::size_t> min_length{}, max_length{};
    std::optional<double> min_value{}, max_value{};

    bool is_list() const { return type == Type::numbers || type == Type::comma_list; }
};

std::string_view to_text(DeclaredParameter::Type type);  // String, Number, List<Number>, CommaDelimitedList

// `section`: null when the template has none.
Outcome<std::vector<DeclaredParameter>> read_parameters(const Value* section);

struct GivenParameter {
    std::string name, value;
    bool use_previous = false;
};

using ParameterValues = std::map<std::string, std::string, std::less<>>;  // by name

// The value of every parameter: as given, as before where that was asked for, or the default.
// "Parameters: [A, B] must have values", "Parameter 'A' must be one of AllowedValues"…
Outcome<ParameterValues> parameter_values(const std::vector<DeclaredParameter>& declared,
                                          const std::vector<GivenParameter>& given,
                                          const ParameterValues* previous);

// What Ref of it gives: a text, or a list of texts without the white space around them.
Value referred_value(const DeclaredParameter& declared, const std::string& value);

// What is shown of it: asterisks for what must not be.
std::string shown_value(const DeclaredParameter& declared, const std::string& value);

}  // namespace keytide::lab::cloudformation
