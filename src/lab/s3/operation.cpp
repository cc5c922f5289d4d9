#include "lab/s3/operation.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace keytide::lab::s3 {
namespace {

bool query_has(std::string_view query, std::string_view name) {
    while (!query.empty()) {
        const auto field = query.substr(0, query.find('&'));
        if (field.substr(0, field.find('=')) == name) return true;
        query.remove_prefix(std::min(query.size(), field.size() + 1));
    }
    return false;
}

// ?versioning makes GetBucketVersioning out of GET, PutBucketVersioning out of PUT, and so on.
struct Subresource {
    std::string_view query, name;
};
constexpr std::array<Subresource, 14> of_buckets{{{"acl", "BucketAcl"},
                                                  {"cors", "BucketCors"},
                                                  {"encryption", "BucketEncryption"},
                                                  {"lifecycle", "BucketLifecycleConfiguration"},
                                                  {"location", "BucketLocation"},
                                                  {"logging", "BucketLogging"},
                                                  {"notification", "BucketNotificationConfiguration"},
                                                  {"object-lock", "ObjectLockConfiguration"},
                                                  {"ownershipControls", "BucketOwnershipControls"},
                                                  {"policy", "BucketPolicy"},
                                                  {"publicAccessBlock", "PublicAccessBlock"},
                                                  {"tagging", "BucketTagging"},
                                                  {"versioning", "BucketVersioning"},
                                                  {"website", "BucketWebsite"}}};
constexpr std::array<Subresource, 4> of_objects{{{"acl", "ObjectAcl"},
                                                 {"tagging", "ObjectTagging"},
                                                 {"retention", "ObjectRetention"},
                                                 {"attributes", "ObjectAttributes"}}};

template <std::size_t n>
std::string_view named_in(const std::array<Subresource, n>& subresources, std::string_view query) {
    for (const auto& one : subresources)
        if (query_has(query, one.query)) return one.name;
    return {};
}

std::string verb_of(std::string_view method) {
    if (method == "GET") return "Get";
    if (method == "PUT") return "Put";
    if (method == "DELETE") return "Delete";
    return {};
}

std::string of_bucket(const Request& request) {
    const auto& method = request.method;
    const auto& query = request.query;
    if (const auto name = named_in(of_buckets, query); !name.empty())
        return verb_of(method).empty() ? "" : verb_of(method).append(name);
    if (method == "POST") return query_has(query, "delete") ? "DeleteObjects" : "PostObject";
    if (method == "PUT") return "CreateBucket";
    if (method == "HEAD") return "HeadBucket";
    if (method == "DELETE") return "DeleteBucket";
    if (method != "GET") return {};
    if (query_has(query, "uploads")) return "ListMultipartUploads";
    if (query_has(query, "versions")) return "ListObjectVersions";
    return query_has(query, "list-type") ? "ListObjectsV2" : "ListObjects";
}

std::string of_object(const Request& request) {
    const auto& method = request.method;
    const auto& query = request.query;
    if (const auto name = named_in(of_objects, query); !name.empty())
        return verb_of(method).empty() ? "" : verb_of(method).append(name);
    const bool copies = request.header("x-amz-copy-source") != nullptr;
    if (query_has(query, "uploads") && method == "POST") return "CreateMultipartUpload";
    if (query_has(query, "uploadId")) {
        if (method == "PUT") return copies ? "UploadPartCopy" : "UploadPart";
        if (method == "POST") return "CompleteMultipartUpload";
        if (method == "DELETE") return "AbortMultipartUpload";
        return method == "GET" ? "ListParts" : "";
    }
    if (method == "PUT") return copies ? "CopyObject" : "PutObject";
    if (method == "HEAD") return "HeadObject";
    return verb_of(method).empty() ? "" : verb_of(method).append("Object");
}

}  // namespace

std::string operation_of(const Request& request) {
    if (!request.path.starts_with('/')) return {};
    const auto path = std::string_view(request.path).substr(1);
    if (path.empty()) return request.method == "GET" ? "ListBuckets" : "";
    const auto slash = path.find('/');
    return slash == std::string_view::npos || slash + 1 == path.size() ? of_bucket(request)
                                                                       : of_object(request);
}

}  // namespace keytide::lab::s3
