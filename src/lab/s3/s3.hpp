// Simple Storage Service: buckets and their objects, path style.
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_Operations_Amazon_Simple_Storage_Service.html
#pragma once

#include <string>

#include "lab/account.hpp"
#include "lab/caller.hpp"
#include "lab/misbehaviour/delays.hpp"
#include "lab/request.hpp"
#include "lab/service_error.hpp"
#include "vocabulary/instant.hpp"

namespace keytide::lab::s3 {

// One authenticated request: authorises, validates, acts.
// `replica`: the one of S3's that is asked.
Outcome<Reply> serve(Account& account, const Caller& caller, const Request& request, Instant now,
                     const misbehaviour::Delays& replica = {});

// S3's own shape: an Error element without namespace.
Reply render_error(const ServiceError& error, const std::string& request_id, const std::string& host_id);

}  // namespace keytide::lab::s3
