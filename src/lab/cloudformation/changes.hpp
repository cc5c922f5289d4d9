// What a new template would change, seen before anything is done: what change sets show, and whether there is
// anything to update at all.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ResourceChange.html
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "lab/cloudformation/bound_template.hpp"

namespace keytide::lab::cloudformation {

struct Stack;

struct PropertyChange {
    std::string name;
    bool replaces = false;
    bool is_dynamic = false;  // only because something else is replaced
};

struct Change {
    std::string action;  // Add, Modify, Remove
    std::string logical_id, physical_id, type;
    std::vector<PropertyChange> properties;  // those that a Modify changes
    bool of_tags = false;                    // by those of the stack

    bool replaces() const;
};

struct Changes {
    std::vector<Change> of_resources;
    bool of_outputs = false;
    bool of_tags = false;

    bool none() const { return of_resources.empty() && !of_outputs && !of_tags; }
};

// A null stack has nothing yet. ValidationError for changes that no update can make.
Outcome<Changes> changes_between(const Stack* stack, const BoundTemplate& wanted, const StackPlace& place);

// The properties that differ between two objects.
std::vector<std::string> changed_properties(const Value& before, const Value& after);

}  // namespace keytide::lab::cloudformation
