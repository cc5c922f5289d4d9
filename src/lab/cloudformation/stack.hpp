// A stack, its resources, its story, and the change sets that wait for it: values only.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/view-stack-events.html
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "lab/cloudformation/bound_template.hpp"
#include "lab/cloudformation/changes.hpp"
#include "lab/cloudformation/holding.hpp"
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
    Value properties;                  // functions resolved
    Value shown_properties;            // the same without what must not be echoed
    std::set<std::string> depends_on;  // logical ids
    std::string deletion_policy, update_replace_policy;
    Holding held;

    bool is_there() const { return status != "DELETE_COMPLETE" && status != "DELETE_SKIPPED"; }
};

struct Event {
    std::string id, logical_id, physical_id, type, status, reason, properties, token;
    Instant at;
};

struct ChangeSet {
    std::string id;  // arn:aws:cloudformation:REGION:ACCOUNT:changeSet/NAME/UUID
    std::string name, description;
    Instant created;
    std::string status, reason;    // CREATE_COMPLETE or FAILED
    std::string execution_status;  // AVAILABLE, UNAVAILABLE, EXECUTE_COMPLETE, EXECUTE_FAILED
    std::vector<std::string> capabilities;
    std::vector<Change> changes;
    BoundTemplate wanted;
};

struct StackOutput {
    std::string name, value, description;
};

struct Stack {
    std::string id;  // arn:aws:cloudformation:REGION:ACCOUNT:stack/NAME/UUID
    std::string name, region;
    AccountId account;
    Instant created;
    std::optional<Instant> updated, deleted;
    std::string status, reason;
    std::string change_set_id;    // of the one executed last
    std::string token;            // ClientRequestToken of what is being done
    bool is_protected = false;    // EnableTerminationProtection
    bool keeps_failures = false;  // DisableRollback
    std::vector<std::string> capabilities;
    std::optional<BoundTemplate> current;  // none before the first execution
    std::vector<Resource> resources{};     // in the order of creation
    std::vector<StackOutput> outputs{};
    std::vector<Event> events{};                                  // oldest first
    std::map<std::string, ChangeSet, std::less<>> change_sets{};  // by name

    StackPlace place() const { return {account, region, name, id}; }
    Resource* find(std::string_view logical_id);  // one that is there; null: none

    // Sets the status and tells it as an event.
    void tell(const Randomness& randomness, Instant now, std::string status, std::string reason = {});
    void tell(const Randomness& randomness, Instant now, Resource& resource, std::string status,
              std::string reason = {});
};

}  // namespace keytide::lab::cloudformation
