// The steps of a deployment: one resource is created, updated, replaced or deleted, in events.
//
// The order of the events and their words are those of transcripts in the guide.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-updating-stacks-update-behaviors.html
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "lab/cloudformation/stack.hpp"

namespace keytide::lab::cloudformation {

class ResourceSteps {
public:
    ResourceSteps(const Actor& actor, Stack& stack) : actor_(actor), stack_(stack) {}

    void tell(std::string status, std::string reason = {});
    void tell(Resource& resource, std::string status, std::string reason = {});

    // Adds the resource to the stack, failed or not.
    bool create(const Declaration& declared, const BoundTemplate& wanted);

    // In place, or by a new one, whose predecessor is answered: the cleanup deletes it. What has not changed
    // is left alone without a word.
    struct Updated {
        bool failed = false;
        bool changed = false;
        std::optional<Resource> predecessor{};
    };
    Updated update(Resource& resource, const Declaration& declared, const BoundTemplate& wanted);

    // The undoing of an update in place.
    bool change_back(Resource& resource, const Resource& before);

    // `retain`: left alone, and no longer the stack's.
    bool remove(Resource& resource, bool retain = false);

    // All that are there, the last created first; those that a failed one depends on stay. Answers which
    // failed.
    enum class Reason { deletion, rollback_of_creation };
    std::vector<std::string> remove_all(Reason reason);

    // What the outputs come to; why not, when they come to nothing.
    std::expected<std::vector<StackOutput>, std::string> outputs(const BoundTemplate& wanted);

private:
    Outcome<Value> resolved(const Declaration& declared, const BoundTemplate& wanted);
    void set_properties(Resource& resource, const Value& properties, const Declaration& declared,
                        const BoundTemplate& wanted);
    std::string look_up(const Reference& reference);
    std::string name_for(const ResourceType& type, const std::string& logical_id, const Value& properties);
    std::expected<Holding, std::string> wanted_holding(const Resource& resource, const Value& properties,
                                                       const BoundTemplate& bound);
    bool put(Resource& resource, const Holding& wanted, const char* failed_status);

    const Actor& actor_;
    Stack& stack_;
};

}  // namespace keytide::lab::cloudformation
