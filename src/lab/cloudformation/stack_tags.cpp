#include "lab/cloudformation/stack_tags.hpp"

#include <algorithm>

#include "lab/cloudformation/iam_pieces.hpp"

namespace keytide::lab::cloudformation {

Outcome<std::vector<Tag>> requested_tags(const Call& call, const Stack* stack) {
    const auto given = call.parameters.structures("Tags.member");
    if (given.empty() && !call.parameters.has("Tags") && stack != nullptr && stack->current)
        return stack->current->tags;
    std::vector<Tag> tags;
    for (const auto& one : given)
        tags.push_back({std::string(one.get("Key")), std::string(one.get("Value"))});
    if (auto valid = check_tags(tags); !valid) return invalid(valid.error().message);
    return tags;
}

void append_stack_tags(XmlWriter& xml, const std::vector<Tag>& tags) {
    xml.open("Tags");
    for (const auto& [key, value] : tags)
        xml.open("member").leaf("Key", key).leaf("Value", value).close("member");
    xml.close("Tags");
}

bool takes_tags(const ResourceType& type) {
    return type.property("Tags") != nullptr;
}

void add_stack_tags(Holding& holding, const std::vector<Tag>& tags) {
    const auto type = holding.front().owner_type, owner = holding.front().owner;
    for (const auto& [key, value] : tags) {
        Piece tag{&tag_kind, type, owner, key, Value::text(value)};
        const auto same_key = [&](const Piece& one) { return one.is_at(tag); };
        if (std::none_of(holding.begin(), holding.end(), same_key)) holding.push_back(std::move(tag));
    }
}

}  // namespace keytide::lab::cloudformation
