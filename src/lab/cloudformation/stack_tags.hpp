// The tags of a stack, which its resources get, too, where they take tags and have no other under that key.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-resource-tags.html
#pragma once

#include <vector>

#include "lab/cloudformation/call.hpp"
#include "lab/cloudformation/holding.hpp"
#include "lab/cloudformation/resource_types.hpp"
#include "lab/state/tags.hpp"
#include "lab/xml.hpp"

namespace keytide::lab::cloudformation {

// Tags.member.N, or those that the stack has: an empty list takes them away. ValidationError.
Outcome<std::vector<Tag>> requested_tags(const Call& call, const Stack* stack);

void append_stack_tags(XmlWriter& xml, const std::vector<Tag>& tags);

bool takes_tags(const ResourceType& type);

void add_stack_tags(Holding& holding, const std::vector<Tag>& tags);

}  // namespace keytide::lab::cloudformation
