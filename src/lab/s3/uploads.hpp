// What is known of uploads in parts: ListParts, ListMultipartUploads, and how the other operations find one.
#pragma once

#include "lab/s3/call.hpp"

namespace keytide::lab::s3 {

// NoSuchUpload; NoSuchBucket.
Outcome<Upload*> find_upload(const Call& call, Bucket& bucket);

Outcome<Reply> list_parts(const Call& call);
Outcome<Reply> list_multipart_uploads(const Call& call);

}  // namespace keytide::lab::s3
