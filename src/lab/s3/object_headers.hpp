// What a request that makes an object says about it: the headers that are kept, and those that ask for what
// is not here. https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingMetadata.html
#pragma once

#include <string>
#include <vector>

#include "lab/request.hpp"
#include "lab/service_error.hpp"
#include "lab/state/objects.hpp"

namespace keytide::lab::s3 {

// Content-Type, Cache-Control, …, x-amz-meta-*, as they come back. MetadataTooLarge.
Outcome<std::vector<HeaderField>> headers_to_keep(const Request& request);

// NotImplemented for every x-amz-* header that nobody here reads, and for values of the known ones that are
// not AWS's defaults; AccessControlListNotSupported for ACLs, which are off in buckets of today.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/about-object-ownership.html
Outcome<void> check_headers(const Request& request);

// x-amz-tagging; InvalidArgument, InvalidTag.
Outcome<ObjectTags> tags_in_header(const Request& request);

// Ten at most, with keys that differ. InvalidTag, BadRequest.
Outcome<void> check_tags(const ObjectTags& tags);

}  // namespace keytide::lab::s3
