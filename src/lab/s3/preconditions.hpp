// If-Match and its neighbours: whether an object is still, or not yet, what the client knows.
// https://www.rfc-editor.org/rfc/rfc9110#section-13, and for writes
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
#pragma once

#include <string_view>

#include "lab/request.hpp"
#include "lab/service_error.hpp"
#include "lab/state/objects.hpp"

namespace keytide::lab::s3 {

// `prefix` in front of the headers' names: empty, or "x-amz-copy-source-". PreconditionFailed 412; for an
// object that the client has already, the error NotModified 304, which has no body.
Outcome<void> check_read(const Request& request, const Object& object, std::string_view prefix = "");

// `object`: the one there now; null: none. If-None-Match: * wants none, If-Match the one with this ETag.
Outcome<void> check_write(const Request& request, const Object* object);

// Whether a range of the object is still what the client means (If-Range).
bool range_still_meant(const Request& request, const Object& object);

}  // namespace keytide::lab::s3
