#include "lab/cloudformation/deployment.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "lab/cloudformation/resource_steps.hpp"

namespace keytide::lab::cloudformation {
namespace {

constexpr const char* by_the_user = "User Initiated";

std::string failure(std::string_view what, const std::vector<std::string>& logical_ids) {
    return fmt::format("The following resource(s) failed to {}: [{}]. ", what, fmt::join(logical_ids, ", "));
}

void undo_creation(ResourceSteps& steps, Stack& stack, const std::string& reason, OnFailure on_failure,
                   Instant now) {
    if (on_failure == OnFailure::do_nothing) return steps.tell("CREATE_FAILED", reason);
    const bool removes = on_failure == OnFailure::remove;
    steps.tell(removes ? "DELETE_IN_PROGRESS" : "ROLLBACK_IN_PROGRESS",
               reason + (removes ? "Delete requested by user." : "Rollback requested by user."));
    const auto failed = steps.remove_all(ResourceSteps::Reason::rollback_of_creation);
    if (!failed.empty())
        return steps.tell(removes ? "DELETE_FAILED" : "ROLLBACK_FAILED", failure("delete", failed));
    if (removes) stack.deleted = now;
    steps.tell(removes ? "DELETE_COMPLETE" : "ROLLBACK_COMPLETE");
}

// What an update has done, and what takes it back.
class Update {
public:
    Update(ResourceSteps& steps, Stack& stack) : steps_(steps), stack_(stack) {}

    // Answers why it failed; empty: it did not.
    std::string run(const BoundTemplate& wanted) {
        for (const auto& declared : wanted.declared.resources) {
            if (!wanted.includes(declared)) continue;
            auto* resource = stack_.find(declared.logical_id);
            if (resource == nullptr) {
                done_.push_back({declared.logical_id, std::nullopt, std::nullopt});
                if (!steps_.create(declared, wanted)) return failure("create", {declared.logical_id});
                continue;
            }
            auto before = *resource;
            auto updated = steps_.update(*resource, declared, wanted);
            done_.push_back(
                {declared.logical_id, std::move(before), std::move(updated.predecessor), updated.changed});
            if (updated.failed) return failure("update", {declared.logical_id});
        }
        auto outputs = steps_.outputs(wanted);
        if (!outputs) return outputs.error();
        stack_.outputs = std::move(*outputs);
        return {};
    }

    // Those that were replaced, and those that the template has no longer, the last created first: what is
    // removed may have needed what was replaced. What cannot be deleted is abandoned.
    void clean_up(const BoundTemplate& wanted) {
        for (auto resource = stack_.resources.rbegin(); resource != stack_.resources.rend(); ++resource) {
            if (auto* predecessor = predecessor_of(resource->logical_id))
                steps_.remove(*predecessor, predecessor->update_replace_policy == "Retain");
            else if (wanted.find(resource->logical_id) == nullptr && resource->is_there())
                steps_.remove(*resource, resource->deletion_policy.starts_with("Retain"));
        }
        std::vector<Resource> in_order;
        for (const auto& declared : wanted.declared.resources)
            if (auto* resource = stack_.find(declared.logical_id);
                resource != nullptr && wanted.includes(declared))
                in_order.push_back(std::move(*resource));
        stack_.resources = std::move(in_order);
    }

    // Puts back what was changed. False when that failed as well.
    bool roll_back() {
        bool whole = true;
        for (auto step = done_.rbegin(); step != done_.rend(); ++step) {
            if (!step->before) continue;
            auto& resource = *stack_.find(step->logical_id);
            if (step->predecessor) {
                step->replacement = std::exchange(resource, std::move(*step->predecessor));
                steps_.tell(resource, "UPDATE_COMPLETE");
            } else if (step->changed) {
                if (!steps_.change_back(resource, *step->before)) whole = false;
            } else {
                resource = std::move(*step->before);
            }
        }
        return whole;
    }

    // What was made in vain goes.
    bool clean_up_after_rollback() {
        bool whole = true;
        for (auto step = done_.rbegin(); step != done_.rend(); ++step) {
            auto* vain = step->replacement ? &*step->replacement
                         : !step->before   ? stack_.find(step->logical_id)
                                           : nullptr;
            if (vain != nullptr && !steps_.remove(*vain)) whole = false;
        }
        std::erase_if(stack_.resources, [](const Resource& one) { return !one.is_there(); });
        return whole;
    }

private:
    struct Step {
        std::string logical_id;
        std::optional<Resource> before, predecessor;
        bool changed = true;
        std::optional<Resource> replacement{};  // that was made in vain
    };

    Resource* predecessor_of(const std::string& logical_id) {
        for (auto& step : done_)
            if (step.logical_id == logical_id && step.predecessor) return &*step.predecessor;
        return nullptr;
    }

    ResourceSteps& steps_;
    Stack& stack_;
    std::vector<Step> done_;
};

}  // namespace

void create_resources(const Actor& actor, Stack& stack, const BoundTemplate& wanted, OnFailure on_failure) {
    ResourceSteps steps(actor, stack);
    stack.current = wanted;
    steps.tell("CREATE_IN_PROGRESS", by_the_user);
    for (const auto& declared : wanted.declared.resources) {
        if (!wanted.includes(declared) || steps.create(declared, wanted)) continue;
        return undo_creation(steps, stack, failure("create", {declared.logical_id}), on_failure, actor.now);
    }
    auto outputs = steps.outputs(wanted);
    if (!outputs) return undo_creation(steps, stack, outputs.error() + " ", on_failure, actor.now);
    stack.outputs = std::move(*outputs);
    steps.tell("CREATE_COMPLETE");
}

void update_resources(const Actor& actor, Stack& stack, const BoundTemplate& wanted) {
    ResourceSteps steps(actor, stack);
    steps.tell("UPDATE_IN_PROGRESS", by_the_user);
    Update update(steps, stack);
    const auto reason = update.run(wanted);
    if (reason.empty()) {
        steps.tell("UPDATE_COMPLETE_CLEANUP_IN_PROGRESS");
        update.clean_up(wanted);
        stack.current = wanted;
        return steps.tell("UPDATE_COMPLETE");
    }
    steps.tell("UPDATE_ROLLBACK_IN_PROGRESS", reason);
    if (!update.roll_back()) return steps.tell("UPDATE_ROLLBACK_FAILED");
    steps.tell("UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS");
    steps.tell(update.clean_up_after_rollback() ? "UPDATE_ROLLBACK_COMPLETE" : "UPDATE_ROLLBACK_FAILED");
}

void delete_resources(const Actor& actor, Stack& stack) {
    ResourceSteps steps(actor, stack);
    steps.tell("DELETE_IN_PROGRESS", by_the_user);
    const auto failed = steps.remove_all(ResourceSteps::Reason::deletion);
    if (failed.empty()) {
        stack.deleted = actor.now;
        steps.tell("DELETE_COMPLETE");
    } else {
        steps.tell("DELETE_FAILED", failure("delete", failed));
    }
}

}  // namespace keytide::lab::cloudformation
