// The name that AWS's SDKs give to a request to S3: method, path and query say which operation it is.
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_Operations_Amazon_Simple_Storage_Service.html
#pragma once

#include <string>

#include "lab/request.hpp"

namespace keytide::lab::s3 {

// Whether or not this lab serves it; empty when it is none.
std::string operation_of(const Request& request);

}  // namespace keytide::lab::s3
