// AWS::IAM::Policy: one inline policy for several.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-policy.html
#pragma once

#include "lab/cloudformation/resource_types.hpp"

namespace keytide::lab::cloudformation {

extern const ResourceType inline_policy_type;

}  // namespace keytide::lab::cloudformation
