// The body that a signature promises. Most services hash it themselves. S3 believes the client's word while
// the head is verified, and holds the body against it afterwards: a hash, nothing at all, or chunks that each
// carry a signature of their own.
// https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-auth-using-authorization-header.html
#pragma once

#include <string>
#include <string_view>

#include "lab/gate/service.hpp"
#include "lab/request.hpp"
#include "lab/service_error.hpp"
#include "signature/presented.hpp"

namespace keytide::lab::gate {

// What stands in the body's place in the canonical request.
Outcome<std::string> promised_payload(const Request& request, Service service, signature::Carrier carrier);

// For S3, after the head has proved true: whether the body is what `payload_hash` promised. A body in
// chunks is put together: afterwards request.body is the data, its trailers are headers, and of the framing
// nothing is left.
Outcome<void> settle_payload(Request& request, const std::string& payload_hash,
                             const signature::Presented& presented, const signature::SigningKey& key);

}  // namespace keytide::lab::gate
