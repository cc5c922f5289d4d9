// AWS::IAM::User and AWS::IAM::AccessKey.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-user.html,
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-accesskey.html
#pragma once

#include "lab/cloudformation/resource_types.hpp"

namespace keytide::lab::cloudformation {

extern const ResourceType user_type;
extern const ResourceType access_key_type;

}  // namespace keytide::lab::cloudformation
