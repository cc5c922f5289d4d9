// What a value of a template comes to once its functions are called.
//
// AWS::NoValue comes to null, and null takes the member or item that it stands in away. What functions write
// is counted: templates can name a text twice in a text that is named twice, and so on.
#pragma once

#include <functional>
#include <map>
#include <string>

#include "lab/cloudformation/intrinsics.hpp"
#include "lab/cloudformation/value.hpp"
#include "lab/service_error.hpp"

namespace keytide::lab::cloudformation {

using ConditionValues = std::map<std::string, bool, std::less<>>;

struct Surroundings {
    std::function<Outcome<Value>(const Reference&)> look_up;  // a text, a list of texts, or null
    const ConditionValues& conditions;
    const Value& mappings;
};

inline constexpr std::size_t most_written = 1024 * 1024;  // bytes that the functions of one value may write

// `value` has passed names_in. ValidationError for what only shows now: an index or a key that is not there,
// a list where a text is needed.
Outcome<Value> evaluate(const Value& value, const Surroundings& surroundings);

// A text of what `value` comes to, for functions and properties that need one: numbers and booleans are.
Outcome<std::string> evaluate_text(const Value& value, const Surroundings& surroundings);

}  // namespace keytide::lab::cloudformation
