// AWS::IAM::Role.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-role.html
#pragma once

#include "lab/cloudformation/resource_types.hpp"

namespace keytide::lab::cloudformation {

extern const ResourceType role_type;

}  // namespace keytide::lab::cloudformation
