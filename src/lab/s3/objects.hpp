// PutObject, GetObject, HeadObject, DeleteObject, CopyObject.
#pragma once

#include "lab/s3/call.hpp"

namespace keytide::lab::s3 {

Outcome<Reply> put_object(const Call& call);
Outcome<Reply> get_object(const Call& call);
Outcome<Reply> head_object(const Call& call);
Outcome<Reply> delete_object(const Call& call);
Outcome<Reply> copy_object(const Call& call);

// The object that x-amz-copy-source names, for those who may read it; with its own conditions.
struct SourceObject {
    std::string bucket, key;
    Object object;
};
Outcome<SourceObject> find_source(const Call& call);

}  // namespace keytide::lab::s3
