#include "lab/cloudformation/deployment.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "lab/cloudformation/intrinsics.hpp"

namespace keytide::lab::cloudformation {
namespace {

constexpr const char* by_the_user = "User Initiated";

// As CloudFormation reports the failure of a call that it made for a resource.
std::string handler_message(const Actor& actor, const ServiceError& error) {
    const auto category = [&]() -> std::string_view {
        if (error.code == "EntityAlreadyExists") return "AlreadyExists";
        if (error.code == "NoSuchEntity") return "NotFound";
        if (error.code == "AccessDenied") return "AccessDenied";
        if (error.code == "LimitExceeded") return "ServiceLimitExceeded";
        if (error.status == 400) return "InvalidRequest";
        return "GeneralServiceException";
    }();
    const auto& randomness = actor.account.randomness();
    return fmt::format(
        "Resource handler returned message: \"{} (Service: Iam, Status Code: {}, Request ID: {})\" "
        "(RequestToken: {}, HandlerErrorCode: {})",
        error.message, error.status, draw_uuid(randomness), draw_uuid(randomness), category);
}

class Deployment {
public:
    Deployment(const Actor& actor, Stack& stack) : actor_(actor), stack_(stack) {}

    void tell(std::string status, std::string reason = {}) {
        stack_.tell(actor_.account.randomness(), actor_.now, std::move(status), std::move(reason));
    }
    void tell(Resource& resource, std::string status, std::string reason = {}) {
        stack_.tell(actor_.account.randomness(), actor_.now, resource, std::move(status), std::move(reason));
    }

    // Adds the resource to the stack, failed or not.
    bool create(const Declaration& declared) {
        auto& resource = stack_.resources.emplace_back();
        resource.logical_id = declared.logical_id;
        resource.type = declared.type;
        resource.depends_on = declared.depends_on;
        const auto properties = resolved(declared);
        resource.properties = to_json(properties);
        tell(resource, "CREATE_IN_PROGRESS");
        resource.physical_id = physical_id(declared, properties);
        auto wanted = wanted_holding(resource, properties);
        if (!wanted) {
            tell(resource, "CREATE_FAILED", wanted.error());
            return false;
        }
        tell(resource, "CREATE_IN_PROGRESS", "Resource creation Initiated");
        if (auto done = change(actor_, resource.held, *wanted); !done) {
            tell(resource, "CREATE_FAILED", handler_message(actor_, done.error()));
            return false;
        }
        tell(resource, "CREATE_COMPLETE");
        return true;
    }

    bool update(Resource& resource, const Declaration& declared) {
        const auto properties = resolved(declared);
        resource.properties = to_json(properties);
        tell(resource, "UPDATE_IN_PROGRESS");
        auto wanted = wanted_holding(resource, properties);
        if (!wanted) {
            tell(resource, "UPDATE_FAILED", wanted.error());
            return false;
        }
        return change_back(resource, *wanted);
    }

    // The second half of an update, and the whole of its undoing.
    bool change_back(Resource& resource, const Holding& wanted) {
        if (auto done = change(actor_, resource.held, wanted); !done) {
            tell(resource, "UPDATE_FAILED", handler_message(actor_, done.error()));
            return false;
        }
        tell(resource, "UPDATE_COMPLETE");
        return true;
    }

    bool remove(Resource& resource) {
        tell(resource, "DELETE_IN_PROGRESS");
        if (auto done = change(actor_, resource.held, {}); !done) {
            tell(resource, "DELETE_FAILED", handler_message(actor_, done.error()));
            return false;
        }
        tell(resource, "DELETE_COMPLETE");
        return true;
    }

    // All that are there, the last created first; those that a failed one depends on stay. Answers which
    // failed.
    std::vector<std::string> remove_all() {
        std::vector<std::string> failed;
        std::set<std::string> needed;
        for (auto resource = stack_.resources.rbegin(); resource != stack_.resources.rend(); ++resource) {
            if (!resource->is_there()) continue;
            const bool is_needed = needed.contains(resource->logical_id);
            if (!is_needed && remove(*resource)) continue;
            if (!is_needed) failed.push_back(resource->logical_id);
            needed.insert(resource->depends_on.begin(), resource->depends_on.end());
        }
        return failed;
    }

private:
    Value resolved(const Declaration& declared) {
        return resolve(declared.properties,
                       [this](const Reference& reference) { return look_up(reference); });
    }

    std::string look_up(const Reference& reference) {
        if (reference.to == "AWS::AccountId") return stack_.account;
        if (reference.to == "AWS::Partition") return "aws";
        if (reference.to == "AWS::Region") return stack_.region;
        if (reference.to == "AWS::StackId") return stack_.id;
        if (reference.to == "AWS::StackName") return stack_.name;
        if (reference.to == "AWS::URLSuffix") return "amazonaws.com";
        // Created before: the template's order says so.
        const auto* target = stack_.find(reference.to);
        if (reference.attribute.empty() || !target->held.user) return target->physical_id;
        return fmt::format("arn:aws:iam::{}:user{}{}", stack_.account, target->held.user->path,
                           target->held.user->name);
    }

    // A name for what has none: STACK-LOGICALID-RANDOM, cut to fit.
    std::string physical_id(const Declaration& declared, const Value& properties) {
        const auto& type = *declared.type;
        if (const auto* given = properties.find(type.custom_name)) return given->scalar;
        const bool is_user = type.name == user_type;
        return fmt::format("{}-{}-{}", stack_.name.substr(0, is_user ? 24 : 5),
                           declared.logical_id.substr(0, is_user ? 24 : 4),
                           draw_letters(actor_.account.randomness(), 13));
    }

    std::expected<Holding, std::string> wanted_holding(const Resource& resource, const Value& properties) {
        auto wanted = holding_of(*resource.type, properties, resource.physical_id);
        if (!wanted) return std::unexpected(wanted.error().message);
        // Two resources with one policy between them would delete it from under each other.
        for (const auto& other : stack_.resources) {
            if (&other == &resource || !other.is_there()) continue;
            for (const auto& theirs : other.held.policies)
                for (const auto& ours : wanted->policies)
                    if (theirs.user == ours.user && theirs.name == ours.name)
                        return std::unexpected(
                            fmt::format("The policy {} of user {} already exists in stack {} as {}.",
                                        ours.name, ours.user, stack_.id, other.logical_id));
        }
        return std::move(*wanted);
    }

    const Actor& actor_;
    Stack& stack_;
};

std::string failure(std::string_view what, const std::vector<std::string>& logical_ids) {
    return fmt::format("The following resource(s) failed to {}: [{}]. ", what, fmt::join(logical_ids, ", "));
}

// What an update has to put back when it fails.
struct Before {
    std::string logical_id;
    bool existed;
    std::string properties;
    Holding held;
};

bool roll_back(Deployment& deployment, Stack& stack, const std::vector<Before>& touched) {
    bool whole = true;
    for (auto before = touched.rbegin(); before != touched.rend(); ++before) {
        auto& resource = *stack.find(before->logical_id);
        if (!before->existed) {
            if (deployment.remove(resource))
                std::erase_if(stack.resources, [](const Resource& one) { return !one.is_there(); });
            else
                whole = false;
            continue;
        }
        resource.properties = before->properties;
        deployment.tell(resource, "UPDATE_IN_PROGRESS");
        if (!deployment.change_back(resource, before->held)) whole = false;
    }
    return whole;
}

// Those that the new template has no longer; what cannot be deleted is abandoned.
void clean_up(Deployment& deployment, Stack& stack, const Template& wanted) {
    for (auto resource = stack.resources.rbegin(); resource != stack.resources.rend(); ++resource)
        if (wanted.find(resource->logical_id) == nullptr) deployment.remove(*resource);
    std::erase_if(stack.resources,
                  [&](const Resource& one) { return wanted.find(one.logical_id) == nullptr; });
    std::vector<Resource> in_order;
    for (const auto& declared : wanted.resources) {
        auto& resource = *stack.find(declared.logical_id);
        resource.depends_on = declared.depends_on;
        in_order.push_back(std::move(resource));
    }
    stack.resources = std::move(in_order);
}

}  // namespace

void create_resources(const Actor& actor, Stack& stack, const Template& wanted) {
    Deployment deployment(actor, stack);
    stack.current = wanted;
    deployment.tell("CREATE_IN_PROGRESS", by_the_user);
    for (const auto& declared : wanted.resources) {
        if (deployment.create(declared)) continue;
        deployment.tell("ROLLBACK_IN_PROGRESS",
                        failure("create", {declared.logical_id}) + "Rollback requested by user.");
        const auto failed = deployment.remove_all();
        if (failed.empty())
            deployment.tell("ROLLBACK_COMPLETE");
        else
            deployment.tell("ROLLBACK_FAILED", failure("delete", failed));
        return;
    }
    deployment.tell("CREATE_COMPLETE");
}

void update_resources(const Actor& actor, Stack& stack, const Template& wanted) {
    Deployment deployment(actor, stack);
    deployment.tell("UPDATE_IN_PROGRESS", by_the_user);
    std::vector<Before> touched;
    for (const auto& declared : wanted.resources) {
        auto* resource = stack.find(declared.logical_id);
        const auto* before = stack.current->find(declared.logical_id);
        if (resource != nullptr && before != nullptr && changed_properties(*before, declared).empty())
            continue;
        touched.push_back(resource == nullptr
                              ? Before{declared.logical_id, false, {}, {}}
                              : Before{declared.logical_id, true, resource->properties, resource->held});
        if (resource == nullptr ? deployment.create(declared) : deployment.update(*resource, declared))
            continue;
        deployment.tell("UPDATE_ROLLBACK_IN_PROGRESS",
                        failure(resource == nullptr ? "create" : "update", {declared.logical_id}));
        if (roll_back(deployment, stack, touched)) {
            deployment.tell("UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS");
            deployment.tell("UPDATE_ROLLBACK_COMPLETE");
        } else {
            deployment.tell("UPDATE_ROLLBACK_FAILED");
        }
        return;
    }
    deployment.tell("UPDATE_COMPLETE_CLEANUP_IN_PROGRESS");
    clean_up(deployment, stack, wanted);
    stack.current = wanted;
    deployment.tell("UPDATE_COMPLETE");
}

void delete_resources(const Actor& actor, Stack& stack) {
    Deployment deployment(actor, stack);
    deployment.tell("DELETE_IN_PROGRESS", by_the_user);
    const auto failed = deployment.remove_all();
    if (failed.empty()) {
        stack.deleted = actor.now;
        deployment.tell("DELETE_COMPLETE");
    } else {
        deployment.tell("DELETE_FAILED", failure("delete", failed));
    }
}

}  // namespace keytide::lab::cloudformation
