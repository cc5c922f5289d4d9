// A template that has been understood. What this lab does not know is refused, never ignored: a stack is all
// that its template says.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-anatomy.html
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "lab/cloudformation/resource_types.hpp"
#include "lab/cloudformation/value.hpp"
#include "lab/service_error.hpp"

namespace keytide::lab::cloudformation {

struct Declaration {
    std::string logical_id;
    const ResourceType* type = nullptr;
    Value properties;                  // an object
    std::set<std::string> depends_on;  // logical ids: DependsOn, Ref and Fn::GetAtt together
};

struct Template {
    std::string text;
    std::string description;             // may be empty
    Value metadata;                      // null when there is none
    std::vector<Declaration> resources;  // in the order of creation

    const Declaration* find(std::string_view logical_id) const;  // null: none of that id

    // CAPABILITY_NAMED_IAM when a resource is given its name, else CAPABILITY_IAM.
    std::string_view capability() const;
};

// ValidationError with AWS's text, or with ours for what AWS would take.
Outcome<Template> parse_template(std::string text);

// InsufficientCapabilitiesException unless `given` holds what the template needs.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateChangeSet.html
Outcome<void> check_capabilities(const Template& declared, const std::vector<std::string>& given);

}  // namespace keytide::lab::cloudformation
