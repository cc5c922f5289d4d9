#include "lab/cloudformation/stack.hpp"

#include <algorithm>

namespace keytide::lab::cloudformation {

Resource* Stack::find(std::string_view logical_id) {
    const auto found = std::find_if(resources.begin(), resources.end(), [&](const Resource& one) {
        return one.logical_id == logical_id && one.is_there();
    });
    return found == resources.end() ? nullptr : &*found;
}

void Stack::tell(const Randomness& randomness, Instant now, std::string new_status, std::string new_reason) {
    status = std::move(new_status);
    reason = std::move(new_reason);
    events.push_back(
        {draw_uuid(randomness), name, id, "AWS::CloudFormation::Stack", status, reason, {}, token, now});
}

void Stack::tell(const Randomness& randomness, Instant now, Resource& resource, std::string new_status,
                 std::string new_reason) {
    resource.status = std::move(new_status);
    resource.reason = std::move(new_reason);
    resource.changed = now;
    events.push_back({resource.logical_id + "-" + draw_uuid(randomness), resource.logical_id,
                      resource.physical_id, std::string(resource.type->name), resource.status,
                      resource.reason, to_json(resource.shown_properties), token, now});
}

}  // namespace keytide::lab::cloudformation
