#include "lab/s3/s3.hpp"

#include <algorithm>
#include <initializer_list>
#include <vector>

#include "lab/s3/buckets.hpp"
#include "lab/s3/call.hpp"
#include "lab/s3/delete_objects.hpp"
#include "lab/s3/listing.hpp"
#include "lab/s3/multipart.hpp"
#include "lab/s3/object_headers.hpp"
#include "lab/s3/objects.hpp"
#include "lab/s3/tagging.hpp"
#include "lab/s3/uploads.hpp"
#include "lab/xml.hpp"
#include "signature/percent_encoding.hpp"

namespace keytide::lab::s3 {
namespace {

constexpr std::size_t longest_key = 1024;
constexpr std::size_t longest_document = 4 * 1024 * 1024;  // CompleteMultipartUpload of ten thousand parts

std::unexpected<ServiceError> method_not_allowed() {
    return refuse("MethodNotAllowed", "The specified method is not allowed against this resource.", 405);
}

using Operation = Outcome<Reply> (*)(const Call& call);

// What is asked is told by the method and by the names in the query. PUT /bucket?acl is not CreateBucket:
// every name must be understood before anything is done.
struct Route {
    std::string_view method;
    bool of_object;
    std::initializer_list<std::string_view> selectors;  // which must all be there
    std::initializer_list<std::string_view> options;    // which may be there
    Operation operation;
};

const Route routes[] = {
    {"PUT", false, {}, {}, create_bucket},
    {"HEAD", false, {}, {}, head_bucket},
    {"DELETE", false, {}, {}, delete_bucket},
    {"GET", false, {"location"}, {}, get_bucket_location},
    {"GET", false, {}, {"prefix", "delimiter", "marker", "max-keys", "encoding-type"}, list_objects},
    {"GET",
     false,
     {"list-type"},
     {"prefix", "delimiter", "start-after", "continuation-token", "max-keys", "encoding-type", "fetch-owner"},
     list_objects_v2},
    {"GET",
     false,
     {"uploads"},
     {"prefix", "delimiter", "key-marker", "upload-id-marker", "max-uploads", "encoding-type"},
     list_multipart_uploads},
    {"POST", false, {"delete"}, {}, delete_objects},
    {"PUT", true, {}, {}, put_object},
    {"GET",
     true,
     {},
     {"response-content-type", "response-cache-control", "response-content-disposition",
      "response-content-encoding", "response-content-language", "response-expires"},
     get_object},
    {"HEAD", true, {}, {}, head_object},
    {"DELETE", true, {}, {}, delete_object},
    {"GET", true, {"tagging"}, {}, get_object_tagging},
    {"PUT", true, {"tagging"}, {}, put_object_tagging},
    {"DELETE", true, {"tagging"}, {}, delete_object_tagging},
    {"POST", true, {"uploads"}, {}, create_multipart_upload},
    {"PUT", true, {"uploadId", "partNumber"}, {}, upload_part},
    {"POST", true, {"uploadId"}, {}, complete_multipart_upload},
    {"DELETE", true, {"uploadId"}, {}, abort_multipart_upload},
    {"GET", true, {"uploadId"}, {"max-parts", "part-number-marker"}, list_parts},
};

// The names in a query that select something: not the signature's, nor x-id, which some SDKs add.
std::vector<std::string_view> names_in(const Parameters& query) {
    std::vector<std::string_view> names;
    for (const auto& [name, value] : query.fields())
        if (!name.empty() && name != "x-id" && !name.starts_with("X-Amz-")) names.push_back(name);
    return names;
}

bool fits(const Route& route, const std::vector<std::string_view>& names) {
    const auto among = [](const auto& list, std::string_view name) {
        return std::find(list.begin(), list.end(), name) != list.end();
    };
    return std::all_of(route.selectors.begin(), route.selectors.end(),
                       [&](std::string_view one) { return among(names, one); }) &&
           std::all_of(names.begin(), names.end(), [&](std::string_view one) {
               return among(route.selectors, one) || among(route.options, one);
           });
}

Outcome<Operation> operation_for(const Call& call) {
    const auto& method = call.request.method;
    const auto names = names_in(call.query);
    if (call.bucket.empty()) {
        if (method != "GET") return method_not_allowed();
        const Route list{
            "GET", false, {}, {"max-buckets", "continuation-token", "prefix", "bucket-region"}, list_buckets};
        if (!fits(list, names)) return not_implemented();
        return list.operation;
    }
    bool known_method = false;
    for (const auto& route : routes) {
        if (route.method != method || route.of_object == call.key.empty()) continue;
        known_method = true;
        if (!fits(route, names)) continue;
        if (call.request.header("x-amz-copy-source") == nullptr) return route.operation;
        if (route.operation == put_object) return copy_object;
        if (route.operation == upload_part) return upload_part_copy;
        return not_implemented();
    }
    if (known_method || method == "POST") return not_implemented();
    return method_not_allowed();
}

// Keys are UTF-8. https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html
Outcome<void> check_key(const std::string& key) {
    if (!is_utf8(key)) return refuse("InvalidURI", "Couldn't parse the specified URI.", 400);
    if (key.size() <= longest_key) return {};
    ServiceError error{"KeyTooLongError", "Your key is too long", 400};
    error.elements = {{"Size", std::to_string(key.size())}, {"MaxSizeAllowed", std::to_string(longest_key)}};
    return std::unexpected(std::move(error));
}

}  // namespace

Outcome<Reply> serve(Account& account, const Caller& caller, const Request& request, Instant now,
                     const misbehaviour::Delays& replica) {
    if (const auto* owner = request.header("x-amz-expected-bucket-owner");
        owner != nullptr && *owner != account.id())
        return refuse("AccessDenied", "Access Denied", 403);

    const auto path = std::string_view(request.path).substr(1);
    const auto slash = std::min(path.find('/'), path.size());
    const Call call{account,
                    caller,
                    request,
                    Parameters::parse(request.query),
                    signature::percent_decoded(path.substr(0, slash)),
                    signature::percent_decoded(path.substr(std::min(slash + 1, path.size()))),
                    now,
                    replica};
    if (auto good = check_key(call.key); !good) return std::unexpected(good.error());
    const auto operation = operation_for(call);
    if (!operation) return std::unexpected(operation.error());
    if (auto understood = check_headers(request); !understood) return std::unexpected(understood.error());
    if (request.body.size() > longest_document && *operation != put_object && *operation != upload_part)
        return refuse("MaxMessageLengthExceeded", "Your request was too big.", 400);
    return (*operation)(call);
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
