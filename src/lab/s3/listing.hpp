// ListObjects and ListObjectsV2: the same pages, with different names for where they begin.
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html
#pragma once

#include "lab/s3/call.hpp"

namespace keytide::lab::s3 {

Outcome<Reply> list_objects(const Call& call);
Outcome<Reply> list_objects_v2(const Call& call);

// encoding-type=url: whether names in the answer are to be percent-encoded. InvalidArgument for another one.
Outcome<bool> encodes_names(const Call& call);
std::string name_in_answer(std::string_view name, bool encoded);

}  // namespace keytide::lab::s3
