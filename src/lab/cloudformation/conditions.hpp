// The Conditions section: names of what is true of the parameters, which resources, outputs and Fn::If ask.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/conditions-section-structure.html
#pragma once

#include <functional>

#include "lab/cloudformation/evaluation.hpp"

namespace keytide::lab::cloudformation {

// Conditions that are conditions, that call what they may, and that do not name each other in a circle.
// `is_parameter` tells the names that they may refer to.
Outcome<void> check_conditions(const Value& conditions, const Value& mappings,
                               const std::function<bool(const std::string&)>& is_parameter);

// `conditions` has passed check_conditions.
Outcome<ConditionValues> evaluate_conditions(const Value& conditions, const Value& mappings,
                                             const std::function<Outcome<Value>(const Reference&)>& look_up);

}  // namespace keytide::lab::cloudformation
