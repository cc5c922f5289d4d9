// The words in which AWS refuses a signature. S3 has its own; the services of the query protocol share
// theirs, and those of the JSON protocol have the same under other codes, all with status 400.
// https://docs.aws.amazon.com/IAM/latest/APIReference/CommonErrors.html,
// https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html,
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-troubleshooting.html
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "lab/gate/service.hpp"
#include "lab/request.hpp"
#include "lab/service_error.hpp"
#include "signature/presented.hpp"

namespace keytide::lab::gate {

ServiceError not_presented(Service service, const signature::NotPresented& fault, signature::Carrier carrier);

// No such key, an inactive one, or one that came with a session token that is not its own.
ServiceError unknown_key(Service service, const signature::Presented& presented);

// The session that its token stands for has ended.
ServiceError expired_token(Service service, const signature::Presented& presented);

// Signed more than `window` before or after `now`, or a presigned URL past its end.
ServiceError out_of_time(Service service, const signature::Presented& presented, Instant now,
                         Duration window);

// The scope names another service than the one addressed, or another day than the date.
ServiceError wrong_scope_service(Service service, const signature::Presented& presented);
ServiceError wrong_scope_date(Service service, const signature::Presented& presented);

ServiceError headers_unsigned(Service service, const std::vector<std::string>& names);

ServiceError wrong_signature(Service service, const signature::Presented& presented, const Request& request,
                             std::string_view payload_hash);

// Of a chunk or of the trailers of a body to S3.
ServiceError wrong_chunk_signature(const signature::Presented& presented, const Request& request,
                                   std::string_view payload_hash, const std::string& string_to_sign,
                                   const std::string& given);

}  // namespace keytide::lab::gate
