#include "lab/cloudformation/resource_steps.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "lab/cloudformation/stack_tags.hpp"

namespace keytide::lab::cloudformation {
namespace {

// As CloudFormation reports the failure of a call that it made for a resource.
// https://docs.aws.amazon.com/cloudformation-cli/latest/userguide/resource-type-test-contract-errors.html
std::string handler_message(const Actor& actor, const FailedChange& failure) {
    const auto& error = failure.error;
    const auto category = [&]() -> std::string_view {
        if (error.code == "EntityAlreadyExists" || error.code == "BucketAlreadyOwnedByYou")
            return "AlreadyExists";
        if (error.code == "NoSuchEntity" || error.code == "NoSuchBucket") return "NotFound";
        if (error.code == "AccessDenied") return "AccessDenied";
        if (error.code == "LimitExceeded") return "ServiceLimitExceeded";
        if (error.status == 400) return "InvalidRequest";
        return "GeneralServiceException";
    }();
    const auto& randomness = actor.account.randomness();
    return fmt::format(
        "Resource handler returned message: \"{} (Service: {}, Status Code: {}, Request ID: {})\" "
        "(RequestToken: {}, HandlerErrorCode: {})",
        error.message, failure.service, error.status, draw_uuid(randomness), draw_uuid(randomness), category);
}

}  // namespace

void ResourceSteps::tell(std::string status, std::string reason) {
    stack_.tell(actor_.account.randomness(), actor_.now, std::move(status), std::move(reason));
}

void ResourceSteps::tell(Resource& resource, std::string status, std::string reason) {
    stack_.tell(actor_.account.randomness(), actor_.now, resource, std::move(status), std::move(reason));
}

bool ResourceSteps::create(const Declaration& declared, const BoundTemplate& wanted) {
    auto& resource = stack_.resources.emplace_back();
    resource.logical_id = declared.logical_id;
    resource.type = declared.type;
    resource.depends_on = declared.depends_on;
    resource.deletion_policy = declared.deletion_policy;
    resource.update_replace_policy = declared.update_replace_policy;
    resource.properties = resource.shown_properties = Value::of(Value::Kind::object);
    auto properties = resolved(declared, wanted);
    if (properties) set_properties(resource, *properties, declared, wanted);
    tell(resource, "CREATE_IN_PROGRESS");
    if (!properties) {
        tell(resource, "CREATE_FAILED", properties.error().message);
        return false;
    }
    const auto name = name_for(*declared.type, declared.logical_id, *properties);
    resource.physical_id = declared.type->physical_id(stack_.account, name, *properties);
    auto holding = wanted_holding(resource, *properties, wanted);
    if (!holding) {
        tell(resource, "CREATE_FAILED", holding.error());
        return false;
    }
    if (!resource.physical_id.empty()) tell(resource, "CREATE_IN_PROGRESS", "Resource creation Initiated");
    const bool is_known_later = resource.physical_id.empty();
    if (auto done = change(actor_, resource.held, *holding); !done) {
        tell(resource, "CREATE_FAILED", handler_message(actor_, done.error()));
        return false;
    }
    if (is_known_later) {
        resource.physical_id = resource.held.front().name;
        tell(resource, "CREATE_IN_PROGRESS", "Resource creation Initiated");
    }
    tell(resource, "CREATE_COMPLETE");
    return true;
}

ResourceSteps::Updated ResourceSteps::update(Resource& resource, const Declaration& declared,
                                             const BoundTemplate& wanted) {
    const auto fail = [&](std::string reason) {
        tell(resource, "UPDATE_FAILED", std::move(reason));
        return Updated{.failed = true, .changed = true};
    };
    auto properties = resolved(declared, wanted);
    if (!properties) {
        tell(resource, "UPDATE_IN_PROGRESS");
        return fail(properties.error().message);
    }
    const auto changed = changed_properties(resource.properties, *properties);
    resource.depends_on = declared.depends_on;
    resource.deletion_policy = declared.deletion_policy;
    resource.update_replace_policy = declared.update_replace_policy;
    const bool retags = takes_tags(*declared.type) && stack_.current && stack_.current->tags != wanted.tags;
    if (changed.empty() && !retags) return {};

    const auto& type = *declared.type;
    const bool replaces = std::any_of(changed.begin(), changed.end(), [&](const std::string& name) {
        return type.property(name)->update == Property::Update::replaces;
    });
    if (!replaces) {
        set_properties(resource, *properties, declared, wanted);
        tell(resource, "UPDATE_IN_PROGRESS");
        auto holding = wanted_holding(resource, *properties, wanted);
        if (!holding) return fail(holding.error());
        return {.failed = !put(resource, *holding, "UPDATE_FAILED"), .changed = true};
    }

    const auto* custom_name = properties->find(type.custom_name);
    const auto* former_name = resource.properties.find(type.custom_name);
    const bool keeps_name =
        custom_name != nullptr && former_name != nullptr && custom_name->scalar == former_name->scalar;
    Updated updated{.changed = true, .predecessor = resource};
    set_properties(resource, *properties, declared, wanted);
    tell(resource, "UPDATE_IN_PROGRESS",
         "Requested update requires the creation of a new physical resource; hence creating one.");
    if (keeps_name) {
        resource = *std::exchange(updated.predecessor, std::nullopt);
        return fail(
            fmt::format("CloudFormation cannot update a stack when a custom-named resource requires "
                        "replacing. Rename {} and update the stack again.",
                        custom_name->scalar));
    }
    const auto name = name_for(type, declared.logical_id, *properties);
    resource.physical_id = type.physical_id(stack_.account, name, *properties);
    resource.held.clear();
    auto holding = wanted_holding(resource, *properties, wanted);
    auto done = holding ? change(actor_, resource.held, *holding) : std::expected<void, FailedChange>{};
    if (resource.physical_id.empty() && !resource.held.empty())
        resource.physical_id = resource.held.front().name;
    updated.failed = !holding || !done;
    if (!holding) {
        tell(resource, "UPDATE_FAILED", holding.error());
        return updated;
    }
    tell(resource, "UPDATE_IN_PROGRESS", "Resource creation Initiated");
    if (!done)
        tell(resource, "UPDATE_FAILED", handler_message(actor_, done.error()));
    else
        tell(resource, "UPDATE_COMPLETE");
    return updated;
}

bool ResourceSteps::change_back(Resource& resource, const Resource& before) {
    resource.properties = before.properties;
    resource.shown_properties = before.shown_properties;
    resource.depends_on = before.depends_on;
    resource.deletion_policy = before.deletion_policy;
    resource.update_replace_policy = before.update_replace_policy;
    tell(resource, "UPDATE_IN_PROGRESS");
    return put(resource, before.held, "UPDATE_FAILED");
}

bool ResourceSteps::put(Resource& resource, const Holding& wanted, const char* failed_status) {
    if (auto done = change(actor_, resource.held, wanted); !done) {
        tell(resource, failed_status, handler_message(actor_, done.error()));
        return false;
    }
    tell(resource, "UPDATE_COMPLETE");
    return true;
}

bool ResourceSteps::remove(Resource& resource, bool retain) {
    if (retain) {
        tell(resource, "DELETE_SKIPPED");
        return true;
    }
    tell(resource, "DELETE_IN_PROGRESS");
    if (auto done = change(actor_, resource.held, {}); !done) {
        tell(resource, "DELETE_FAILED", handler_message(actor_, done.error()));
        return false;
    }
    tell(resource, "DELETE_COMPLETE");
    return true;
}

std::vector<std::string> ResourceSteps::remove_all(Reason reason) {
    std::vector<std::string> failed;
    std::set<std::string> needed;
    for (auto resource = stack_.resources.rbegin(); resource != stack_.resources.rend(); ++resource) {
        if (!resource->is_there()) continue;
        const auto& policy = resource->deletion_policy;
        const bool retain =
            policy == "Retain" || (policy == "RetainExceptOnCreate" && reason == Reason::deletion);
        const bool is_needed = needed.contains(resource->logical_id);
        if (!is_needed && remove(*resource, retain && !resource->held.empty())) continue;
        if (!is_needed) failed.push_back(resource->logical_id);
        needed.insert(resource->depends_on.begin(), resource->depends_on.end());
    }
    return failed;
}

std::expected<std::vector<StackOutput>, std::string> ResourceSteps::outputs(const BoundTemplate& wanted) {
    std::vector<StackOutput> all;
    for (const auto& output : wanted.declared.outputs) {
        if (!wanted.holds(output.condition)) continue;
        auto value = wanted.evaluate(output.value, stack_.place(),
                                     [this](const Reference& reference) { return look_up(reference); });
        if (!value) return std::unexpected(value.error().message);
        if (!value->is_scalar())
            return std::unexpected(
                "Template format error: The Value field of every Outputs member must evaluate to a String.");
        all.push_back({output.name, value->scalar, output.description});
    }
    return all;
}

Outcome<Value> ResourceSteps::resolved(const Declaration& declared, const BoundTemplate& wanted) {
    auto properties = wanted.evaluate(declared.properties, stack_.place(),
                                      [this](const Reference& reference) { return look_up(reference); });
    if (properties)
        if (auto fits = check_resolved_properties(declared.logical_id, *declared.type, *properties); !fits)
            return std::unexpected(fits.error());
    return properties;
}

void ResourceSteps::set_properties(Resource& resource, const Value& properties, const Declaration& declared,
                                   const BoundTemplate& wanted) {
    resource.properties = properties;
    auto shown = wanted.evaluate(
        declared.properties, stack_.place(),
        [this](const Reference& reference) { return look_up(reference); }, BoundTemplate::NoEcho::mask);
    resource.shown_properties = shown ? std::move(*shown) : Value::of(Value::Kind::object);
}

// Created before: the template's order says so.
std::string ResourceSteps::look_up(const Reference& reference) {
    const auto* target = stack_.find(reference.to);
    if (target == nullptr) return {};
    if (reference.attribute.empty()) return target->physical_id;
    return target->type->attribute({actor_.account, target->physical_id, target->held}, reference.attribute);
}

std::string ResourceSteps::name_for(const ResourceType& type, const std::string& logical_id,
                                    const Value& properties) {
    if (const auto* given = properties.find(type.custom_name)) return given->scalar;
    auto name = fmt::format("{}-{}-{}", stack_.name.substr(0, type.generated.stack),
                            logical_id.substr(0, type.generated.logical_id),
                            draw_letters(actor_.account.randomness(), 13));
    if (type.generated.lower_case)
        for (char& c : name) c = c >= 'A' && c <= 'Z' ? char(c - 'A' + 'a') : c;
    return name;
}

std::expected<Holding, std::string> ResourceSteps::wanted_holding(const Resource& resource,
                                                                  const Value& properties,
                                                                  const BoundTemplate& bound) {
    auto wanted = resource.type->holding(properties, resource.physical_id);
    if (!wanted) return std::unexpected(wanted.error().message);
    if (takes_tags(*resource.type)) add_stack_tags(*wanted, bound.tags);
    // Two resources with one piece between them would delete it from under each other.
    for (const auto& other : stack_.resources) {
        if (&other == &resource || !other.is_there()) continue;
        for (const auto& theirs : other.held)
            for (const auto& ours : *wanted)
                if (ours.kind->is_exclusive && !ours.name.empty() && theirs.is_at(ours))
                    return std::unexpected(fmt::format("The {} {} of {} already exists in stack {} as {}.",
                                                       ours.kind->name, ours.name, ours.owner, stack_.id,
                                                       other.logical_id));
    }
    return std::move(*wanted);
}

}  // namespace keytide::lab::cloudformation
