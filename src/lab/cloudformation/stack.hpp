// A stack, its resources, its story, and the change sets that wait for it: values only.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/view-stack-events.html
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "lab/cloudformation/holding.hpp"
#include "lab/cloudformation/template.hpp"
#include "lab/randomness.hpp"
#include "vocabulary/instant.hpp"

namespace keytide::lab::cloudformation {

struct Resource {
    std::string logical_id;
    const ResourceType* type = nullptr;
    std::string physical_id;
    std::string status;  // CREATE_COMPLETE…
    std::string reason;  // of the status; may be empty
    Instant changed;
    std::string properties;            // as JSON, functions resolved
    std::set<std::string> depends_on;  // logical ids
    Holding held;

    bool is_there() const { return status != "DELETE_COMPLETE"; }
};

struct Event {
    std::string id, logical_id, physical_id, type, status, reason, properties;
    Instant at;
};

struct Change {
    std::string action;  // Add, Modify, Remove
    std::string logical_id, physical_id, type;
    std::vector<std::string> properties;  // those that a Modify changes
};

struct ChangeSet {
    std::string id;  // arn:aws:cloudformation:REGION:ACCOUNT:changeSet/NAME/UUID
    std::string name, description;
    Instant created;
    std::string status, reason;    // CREATE_COMPLETE or FAILED
    std::string execution_status;  // AVAILABLE, UNAVAILABLE, EXECUTE_COMPLETE, EXECUTE_FAILED
    std::vector<std::string> capabilities;
    std::vector<Change> changes;
    Template wanted;
};

struct Stack {
    std::string id;  // arn:aws:cloudformation:REGION:ACCOUNT:stack/NAME/UUID
    std::string name, region;
    AccountId account;
    Instant created;
    std::optional<Instant> updated, deleted;
    std::string status, reason;
    std::string change_set_id;  // of the one executed last
    std::vector<std::string> capabilities;
    std::optional<Template> current;                              // none before the first execution
    std::vector<Resource> resources{};                            // in the order of creation
    std::vector<Event> events{};                                  // oldest first
    std::map<std::string, ChangeSet, std::less<>> change_sets{};  // by name

    Resource* find(std::string_view logical_id);  // one that is there; null: none

    // Sets the status and tells it as an event.
    void tell(const Randomness& randomness, Instant now, std::string status, std::string reason = {});
    void tell(const Randomness& randomness, Instant now, Resource& resource, std::string status,
              std::string reason = {});
};

// The properties that differ between two declarations of one resource.
std::vector<std::string> changed_properties(const Declaration& before, const Declaration& after);

// What `wanted` would change; a null stack has nothing yet. ValidationError for changes that this lab cannot
// make.
Outcome<std::vector<Change>> changes_between(const Stack* stack, const Template& wanted);

}  // namespace keytide::lab::cloudformation
