// AWS::IAM::Policy, one inline policy for several, and AWS::IAM::ManagedPolicy.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-policy.html,
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-managedpolicy.html
#pragma once

#include "lab/cloudformation/resource_types.hpp"

namespace keytide::lab::cloudformation {

extern const ResourceType inline_policy_type;
extern const ResourceType managed_policy_type;

}  // namespace keytide::lab::cloudformation
