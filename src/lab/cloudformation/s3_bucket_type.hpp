// AWS::S3::Bucket, by its name alone.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-s3-bucket.html
#pragma once

#include "lab/cloudformation/resource_types.hpp"

namespace keytide::lab::cloudformation {

extern const ResourceType bucket_type;
extern const PieceKind bucket_kind;

}  // namespace keytide::lab::cloudformation
