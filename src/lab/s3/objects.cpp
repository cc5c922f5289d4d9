#include "lab/s3/objects.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "lab/s3/byte_range.hpp"
#include "lab/s3/checksums.hpp"
#include "lab/s3/object_headers.hpp"
#include "lab/s3/preconditions.hpp"
#include "lab/state/stored_time.hpp"
#include "signature/percent_encoding.hpp"

namespace keytide::lab::s3 {
namespace {

void append_checksum(const std::optional<ObjectChecksum>& checksum, std::vector<HeaderField>& headers) {
    if (!checksum) return;
    headers.push_back({header_of(checksum->algorithm), checksum->value});
    headers.push_back({"x-amz-checksum-type", checksum->composite ? "COMPOSITE" : "FULL_OBJECT"});
}

void set_header(std::vector<HeaderField>& headers, std::string_view name, std::string_view value) {
    std::erase_if(headers, [&](const HeaderField& h) { return signature::same_header_name(h.name, name); });
    headers.push_back({std::string(name), std::string(value)});
}

// response-content-type and its neighbours in the query stand in for what was kept.
void override_headers(const Call& call, std::vector<HeaderField>& headers) {
    constexpr std::array<std::pair<std::string_view, std::string_view>, 6> overrides{
        {{"response-content-type", "Content-Type"},
         {"response-cache-control", "Cache-Control"},
         {"response-content-disposition", "Content-Disposition"},
         {"response-content-encoding", "Content-Encoding"},
         {"response-content-language", "Content-Language"},
         {"response-expires", "Expires"}}};
    for (const auto& [parameter, header] : overrides)
        if (const auto* value = call.query.find(parameter)) set_header(headers, header, *value);
}

std::string take_content_type(std::vector<HeaderField>& headers) {
    std::string type = "binary/octet-stream";
    for (const auto& [name, value] : headers)
        if (name == "Content-Type") type = value;
    std::erase_if(headers, [](const HeaderField& h) { return h.name == "Content-Type"; });
    return type;
}

// What GetObject answers, and HeadObject without its body.
Outcome<Reply> read_object(const Call& call) {
    if (auto allowed = authorise_on_object(call, "GetObject"); !allowed)
        return std::unexpected(allowed.error());
    const auto bucket = find_bucket(call);
    if (!bucket) return std::unexpected(bucket.error());
    const auto found = find_object(call, **bucket, call.key);
    if (!found) return std::unexpected(found.error());
    const Object& object = **found;

    Reply reply;
    reply.headers = {{"Last-Modified", to_http_date(object.modified)},
                     {"ETag", quoted(object.etag)},
                     {"Accept-Ranges", "bytes"}};
    if (auto met = check_read(call.request, object); !met) {
        if (met.error().status != 304) return std::unexpected(met.error());
        reply.status = 304;
        return reply;
    }
    std::optional<ByteRange> range;
    const auto* header = call.request.header("range");
    if (header != nullptr && range_still_meant(call.request, object)) {
        auto read = byte_range(*header, object.data->size());
        if (!read) return std::unexpected(read.error());
        range = *read;
    }
    reply.headers.insert(reply.headers.end(), object.headers.begin(), object.headers.end());
    override_headers(call, reply.headers);
    reply.content_type = take_content_type(reply.headers);
    if (!object.tags.empty())
        reply.headers.push_back({"x-amz-tagging-count", std::to_string(object.tags.size())});
    const auto* mode = call.request.header("x-amz-checksum-mode");
    if (!range && mode != nullptr && signature::same_header_name(*mode, "ENABLED"))
        append_checksum(object.checksum, reply.headers);
    if (range) {
        reply.status = 206;
        reply.headers.push_back(
            {"Content-Range", fmt::format("bytes {}-{}/{}", range->first, range->first + range->length - 1,
                                          object.data->size())});
    }
    reply.body = range ? object.data->substr(range->first, range->length) : *object.data;
    return reply;
}

struct Source {
    std::string bucket, key;
};

// bucket/key or /bucket/key, percent-encoded.
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html
Outcome<Source> source_of(const Request& request) {
    const auto* header = request.header("x-amz-copy-source");
    std::string_view text = *header;
    if (text.starts_with("arn:") || text.find('?') != std::string_view::npos) return not_implemented();
    if (text.starts_with('/')) text.remove_prefix(1);
    const auto decoded = signature::percent_decoded(text);
    const auto slash = decoded.find('/');
    if (slash == 0 || slash == std::string::npos || slash + 1 == decoded.size())
        return invalid_argument("Invalid copy source object key", "x-amz-copy-source", *header);
    return Source{decoded.substr(0, slash), decoded.substr(slash + 1)};
}

// COPY or REPLACE, and COPY when it is absent.
Outcome<bool> replaces(const Request& request, std::string_view name, std::string_view message) {
    const auto* directive = request.header(name);
    if (directive == nullptr || *directive == "COPY") return false;
    if (*directive == "REPLACE") return true;
    return invalid_argument(std::string(message), name, *directive);
}

}  // namespace

Outcome<SourceObject> find_source(const Call& call) {
    if (const auto* owner = call.request.header("x-amz-source-expected-bucket-owner");
        owner != nullptr && *owner != call.account.id())
        return refuse("AccessDenied", "Access Denied", 403);
    const auto source = source_of(call.request);
    if (!source) return std::unexpected(source.error());
    if (auto allowed = authorise_on_object(call, "GetObject", source->bucket, source->key); !allowed)
        return std::unexpected(allowed.error());
    const auto bucket = find_bucket(call, source->bucket);
    if (!bucket) return std::unexpected(bucket.error());
    const auto object = find_object(call, **bucket, source->key);
    if (!object) return std::unexpected(object.error());
    if (auto met = check_read(call.request, **object, "x-amz-copy-source-"); !met)
        return std::unexpected(met.error());
    return SourceObject{source->bucket, source->key, **object};
}

Outcome<Reply> put_object(const Call& call) {
    if (auto allowed = authorise_on_object(call, "PutObject"); !allowed)
        return std::unexpected(allowed.error());
    const auto tags = tags_in_header(call.request);
    if (!tags) return std::unexpected(tags.error());
    if (!tags->empty())
        if (auto allowed = authorise_on_object(call, "PutObjectTagging"); !allowed)
            return std::unexpected(allowed.error());
    const auto bucket = find_bucket(call);
    if (!bucket) return std::unexpected(bucket.error());
    auto& objects = (*bucket)->objects;
    const auto present = objects.find(call.key);
    if (auto met = check_write(call.request, present == objects.end() ? nullptr : &present->second); !met)
        return std::unexpected(met.error());
    auto headers = headers_to_keep(call.request);
    if (!headers) return std::unexpected(headers.error());
    auto checksum = check_integrity(call.request);
    if (!checksum) return std::unexpected(checksum.error());

    Object object{.data = std::make_shared<const std::string>(call.request.body),
                  .etag = etag_of(call.request.body),
                  .modified = stored_time(call.now),
                  .headers = std::move(*headers),
                  .tags = *tags,
                  .checksum = std::move(*checksum)};
    Reply reply;
    reply.headers.push_back({"ETag", quoted(object.etag)});
    append_checksum(object.checksum, reply.headers);
    objects.insert_or_assign(call.key, std::move(object));
    return reply;
}

Outcome<Reply> get_object(const Call& call) {
    return read_object(call);
}

Outcome<Reply> head_object(const Call& call) {
    auto reply = read_object(call);
    if (!reply || reply->status == 304) return reply;
    reply->headers.push_back({"Content-Length", std::to_string(reply->body.size())});
    reply->body.clear();
    return reply;
}

// An object that is not there is deleted as well.
Outcome<Reply> delete_object(const Call& call) {
    if (auto allowed = authorise_on_object(call, "DeleteObject"); !allowed)
        return std::unexpected(allowed.error());
    const auto bucket = find_bucket(call);
    if (!bucket) return std::unexpected(bucket.error());
    auto& objects = (*bucket)->objects;
    const auto found = objects.find(call.key);
    if (call.request.header("if-match") != nullptr)
        if (auto met = check_write(call.request, found == objects.end() ? nullptr : &found->second); !met)
            return std::unexpected(met.error());
    if (found != objects.end()) objects.erase(found);
    return Reply{204, "", {}, ""};
}

Outcome<Reply> copy_object(const Call& call) {
    const auto replaces_headers =
        replaces(call.request, "x-amz-metadata-directive", "Unknown metadata directive.");
    if (!replaces_headers) return std::unexpected(replaces_headers.error());
    const auto replaces_tags =
        replaces(call.request, "x-amz-tagging-directive", "Unknown tagging directive.");
    if (!replaces_tags) return std::unexpected(replaces_tags.error());
    const auto source = find_source(call);
    if (!source) return std::unexpected(source.error());
    if (auto allowed = authorise_on_object(call, "PutObject"); !allowed)
        return std::unexpected(allowed.error());
    const auto bucket = find_bucket(call);
    if (!bucket) return std::unexpected(bucket.error());
    if (source->bucket == call.bucket && source->key == call.key && !*replaces_headers)
        return refuse("InvalidRequest",
                      "This copy request is illegal because it is trying to copy an object to itself without "
                      "changing the object's metadata, storage class, website redirect location or "
                      "encryption attributes.",
                      400);

    Object copy = source->object;
    copy.modified = stored_time(call.now);
    copy.etag = etag_of(*copy.data);
    if (*replaces_headers) {
        auto headers = headers_to_keep(call.request);
        if (!headers) return std::unexpected(headers.error());
        copy.headers = std::move(*headers);
    }
    if (*replaces_tags) {
        auto tags = tags_in_header(call.request);
        if (!tags) return std::unexpected(tags.error());
        copy.tags = std::move(*tags);
    }
    if (!copy.tags.empty())
        if (auto allowed = authorise_on_object(call, "PutObjectTagging"); !allowed)
            return std::unexpected(allowed.error());
    const auto* wanted = call.request.header("x-amz-checksum-algorithm");
    if (wanted != nullptr && !is_checksum_algorithm(*wanted))
        return refuse("InvalidRequest", "Checksum algorithm provided is unsupported.", 400);
    if (wanted != nullptr || copy.checksum) {
        const auto algorithm = wanted != nullptr ? *wanted : copy.checksum->algorithm;
        copy.checksum = {algorithm, compute_checksum(algorithm, *copy.data), false};
    }

    auto xml = document("CopyObjectResult");
    xml.leaf("LastModified", to_rfc3339(copy.modified, true)).leaf("ETag", quoted(copy.etag));
    if (copy.checksum) {
        xml.leaf(element_of(copy.checksum->algorithm), copy.checksum->value);
        xml.leaf("ChecksumType", "FULL_OBJECT");
    }
    (*bucket)->objects.insert_or_assign(call.key, std::move(copy));
    return xml_reply(xml.close("CopyObjectResult"));
}

}  // namespace keytide::lab::s3
