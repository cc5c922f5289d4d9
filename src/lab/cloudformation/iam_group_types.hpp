// AWS::IAM::Group and AWS::IAM::UserToGroupAddition.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-group.html,
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-usertogroupaddition.html
#pragma once

#include "lab/cloudformation/resource_types.hpp"

namespace keytide::lab::cloudformation {

extern const ResourceType group_type;
extern const ResourceType user_to_group_addition_type;

}  // namespace keytide::lab::cloudformation
