// Uploads in parts: what `aws s3 cp` and its like do with anything beyond eight megabytes.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html
#pragma once

#include "lab/s3/call.hpp"

namespace keytide::lab::s3 {

Outcome<Reply> create_multipart_upload(const Call& call);
Outcome<Reply> upload_part(const Call& call);
Outcome<Reply> upload_part_copy(const Call& call);
Outcome<Reply> complete_multipart_upload(const Call& call);
Outcome<Reply> abort_multipart_upload(const Call& call);

}  // namespace keytide::lab::s3
