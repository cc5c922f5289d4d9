// GetObjectTagging, PutObjectTagging, DeleteObjectTagging: `aws s3 cp` asks for them when it copies in parts.
#pragma once

#include "lab/s3/call.hpp"

namespace keytide::lab::s3 {

Outcome<Reply> get_object_tagging(const Call& call);
Outcome<Reply> put_object_tagging(const Call& call);
Outcome<Reply> delete_object_tagging(const Call& call);

}  // namespace keytide::lab::s3
