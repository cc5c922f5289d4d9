// One request to S3, taken apart, and what nearly every operation does first.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "lab/account.hpp"
#include "lab/caller.hpp"
#include "lab/misbehaviour/delays.hpp"
#include "lab/parameters.hpp"
#include "lab/request.hpp"
#include "lab/service_error.hpp"
#include "lab/xml.hpp"
#include "vocabulary/instant.hpp"

namespace keytide::lab::s3 {

inline constexpr std::string_view xmlns = "http://s3.amazonaws.com/doc/2006-03-01/";

struct Call {
    Account& account;  // the caller's
    const Caller& caller;
    const Request& request;
    Parameters query;
    std::string bucket;  // decoded; empty: none is named
    std::string key;     // decoded; empty: the bucket is meant
    Instant now;
    const misbehaviour::Delays& replica;
};

// AccessDenied unless the caller may; `action` without "s3:".
Outcome<void> authorise_on_bucket(const Call& call, std::string_view action);
Outcome<void> authorise_on_object(const Call& call, std::string_view action);
Outcome<void> authorise_on_object(const Call& call, std::string_view action, std::string_view bucket,
                                  std::string_view key);

// NoSuchBucket; AccessDenied for a bucket of another account, which no policy of ours opens.
Outcome<Bucket*> find_bucket(const Call& call);
Outcome<Bucket*> find_bucket(const Call& call, std::string_view name);

// The object, as one who may read it finds it. NoSuchKey, but AccessDenied for who may not list the bucket
// and so must not learn what is in it.
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
Outcome<const Object*> find_object(const Call& call, const Bucket& bucket, std::string_view key);

std::unexpected<ServiceError> not_implemented();
std::unexpected<ServiceError> malformed_xml();
std::unexpected<ServiceError> invalid_argument(std::string message, std::string_view name,
                                               std::string_view value);

// A whole number of the query; `otherwise` when it is not there. InvalidArgument.
Outcome<int> number_of(const Call& call, std::string_view name, int least, int most, int otherwise,
                       std::string_view message);

// A document that begins with this element; the caller closes it.
XmlWriter document(std::string_view root);
Reply xml_reply(XmlWriter& xml);

std::string quoted(std::string_view etag);

// An ETag of a header or document, without quotation marks.
std::string_view unquoted(std::string_view etag);

}  // namespace keytide::lab::s3
