// A template that has been understood. What this lab does not know is refused, never ignored: a stack is all
// that its template says.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-anatomy.html
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "lab/cloudformation/resource_types.hpp"
#include "lab/cloudformation/template_parameters.hpp"
#include "lab/cloudformation/value.hpp"
#include "lab/service_error.hpp"

namespace keytide::lab::cloudformation {

struct Declaration {
    std::string logical_id;
    const ResourceType* type = nullptr;
    Value properties;                     // an object
    std::set<std::string> depends_on;     // logical ids: DependsOn and all that is referred to
    std::string condition{};              // empty: it is always there
    std::string deletion_policy{};        // Delete, Retain, RetainExceptOnCreate; empty: Delete
    std::string update_replace_policy{};  // Delete, Retain; empty: Delete
    Value metadata{};                     // null when there is none
};

struct DeclaredOutput {
    std::string name, description, condition;
    Value value;
};

struct Template {
    std::string text;
    std::string description;  // may be empty
    Value metadata;           // null when there is none
    std::vector<DeclaredParameter> parameters;
    Value mappings, conditions;          // objects
    std::vector<Declaration> resources;  // in the order of creation
    std::vector<DeclaredOutput> outputs;

    const Declaration* find(std::string_view logical_id) const;            // null: none of that id
    const DeclaredParameter* find_parameter(std::string_view name) const;  // null: none of that name

    // CAPABILITY_NAMED_IAM when an IAM resource is given its name, CAPABILITY_IAM when none is, empty when
    // there is no such resource.
    std::string_view capability() const;
    std::vector<std::string> types_that_need_it() const;
};

// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/pseudo-parameter-reference.html
bool is_pseudo_parameter(std::string_view name);

// ValidationError with AWS's text, or with ours for what AWS would take.
Outcome<Template> parse_template(std::string text);

// InsufficientCapabilitiesException unless `given` holds what the template needs.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateChangeSet.html
Outcome<void> check_capabilities(const Template& declared, const std::vector<std::string>& given);

}  // namespace keytide::lab::cloudformation
