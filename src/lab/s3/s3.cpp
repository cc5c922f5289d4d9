#include "lab/s3/s3.hpp"

#include <algorithm>

#include "lab/parameters.hpp"
#include "lab/s3/buckets.hpp"
#include "lab/xml.hpp"
#include "signature/percent_encoding.hpp"

namespace keytide::lab::s3 {
namespace {

std::unexpected<ServiceError> not_implemented() {
    return refuse("NotImplemented", "A header you provided implies functionality that is not implemented",
                  501);
}

std::unexpected<ServiceError> method_not_allowed() {
    return refuse("MethodNotAllowed", "The specified method is not allowed against this resource.", 405);
}

// PUT /bucket?acl is not CreateBucket: what a query names must be understood before anything is done.
// `allowed` are the names with a meaning here; signatures and x-id (which some SDKs add) select nothing.
bool asks_for_more(std::string_view query, std::initializer_list<std::string_view> allowed) {
    while (!query.empty()) {
        const auto field = query.substr(0, query.find('&'));
        query.remove_prefix(std::min(query.size(), field.size() + 1));
        const auto name = signature::percent_decoded(field.substr(0, field.find('=')));
        if (name.empty() || name == "x-id" || name.starts_with("X-Amz-")) continue;
        if (std::find(allowed.begin(), allowed.end(), name) == allowed.end()) return true;
    }
    return false;
}

}  // namespace

Outcome<Reply> serve(Account& account, const Caller& caller, const Request& request, Instant now) {
    if (const auto* owner = request.header("x-amz-expected-bucket-owner");
        owner != nullptr && *owner != account.id())
        return refuse("AccessDenied", "Access Denied", 403);

    const auto path = std::string_view(request.path).substr(1);
    const auto slash = path.find('/');
    const auto bucket = signature::percent_decoded(path.substr(0, slash));
    const bool is_object = slash != std::string_view::npos && slash + 1 < path.size();

    if (bucket.empty()) {
        if (request.method != "GET") return method_not_allowed();
        if (asks_for_more(request.query, {"max-buckets", "continuation-token", "prefix", "bucket-region"}))
            return not_implemented();
        return list_buckets(account, caller, Parameters::parse(request.query));
    }
    if (is_object || asks_for_more(request.query, {})) return not_implemented();
    if (request.method == "PUT") return create_bucket(account, caller, bucket, request.body, now);
    if (request.method == "HEAD") return head_bucket(account, caller, bucket);
    if (request.method == "DELETE") return delete_bucket(account, caller, bucket);
    if (request.method == "GET") return not_implemented();
    return method_not_allowed();
}

Reply render_error(const ServiceError& error, const std::string& request_id, const std::string& host_id) {
    XmlWriter xml;
    xml.raw("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n").open("Error");
    xml.leaf("Code", error.code).leaf("Message", error.message);
    for (const auto& [name, text] : error.elements) xml.leaf(name, text);
    xml.leaf("RequestId", request_id).leaf("HostId", host_id).close("Error");
    return {error.status, "application/xml", {}, xml.take()};
}

}  // namespace keytide::lab::s3
