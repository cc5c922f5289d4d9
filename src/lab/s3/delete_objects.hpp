// DeleteObjects: up to a thousand keys in one request, each allowed or denied for itself.
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html
#pragma once

#include "lab/s3/call.hpp"

namespace keytide::lab::s3 {

Outcome<Reply> delete_objects(const Call& call);

}  // namespace keytide::lab::s3
