// A template with the values of its parameters, and the tags of its stack: now its conditions are decided,
// and its functions come to something as soon as its resources do.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "lab/cloudformation/evaluation.hpp"
#include "lab/cloudformation/template.hpp"
#include "lab/state/tags.hpp"
#include "vocabulary/identity.hpp"

namespace keytide::lab::cloudformation {

// Which stack it is for.
struct StackPlace {
    AccountId account;
    std::string region, name, id;
};

struct BoundTemplate {
    Template declared;
    ParameterValues parameters;
    ConditionValues conditions;
    std::vector<Tag> tags{};  // of the stack (stack_tags.hpp)

    bool includes(const Declaration& one) const { return holds(one.condition); }
    bool holds(const std::string& condition) const;  // the empty one always

    // Null when there is none of that id, or its condition does not hold.
    const Declaration* find(std::string_view logical_id) const;

    // What `value` comes to, when `resource` tells what references to resources come to.
    using LookUp = std::function<std::string(const Reference&)>;
    enum class NoEcho { reveal, mask };  // parameters that must not be echoed
    Outcome<Value> evaluate(const Value& value, const StackPlace& place, const LookUp& resource,
                            NoEcho no_echo = NoEcho::reveal) const;
};

// ValidationError for parameters that are missing, or not what they must be, and for references to resources
// whose conditions do not hold.
Outcome<BoundTemplate> bind_template(Template declared, const std::vector<GivenParameter>& given,
                                     const ParameterValues* previous, const StackPlace& place);

}  // namespace keytide::lab::cloudformation
