#include "lab/s3/uploads.hpp"

#include <limits>
#include <set>

#include "lab/s3/checksums.hpp"
#include "lab/s3/listing.hpp"

namespace keytide::lab::s3 {
namespace {

constexpr int most_on_a_page = 1000;

void write_person(XmlWriter& xml, std::string_view element, std::string_view id) {
    xml.open(element).leaf("ID", id).close(element);
}

}  // namespace

Outcome<Upload*> find_upload(const Call& call, Bucket& bucket) {
    const auto id = call.query.get("uploadId");
    const auto found = bucket.uploads.find({call.key, std::string(id)});
    if (found != bucket.uploads.end()) return &found->second;
    ServiceError error{"NoSuchUpload",
                       "The specified upload does not exist. The upload ID may be invalid, or the upload may "
                       "have been aborted or completed.",
                       404};
    error.elements.emplace_back("UploadId", id);
    return std::unexpected(std::move(error));
}

Outcome<Reply> list_parts(const Call& call) {
    if (auto allowed = authorise_on_object(call, "ListMultipartUploadParts"); !allowed)
        return std::unexpected(allowed.error());
    const auto most = number_of(call, "max-parts", 0, std::numeric_limits<int>::max(), most_on_a_page,
                                "Argument max-parts must be an integer between 0 and 2147483647");
    if (!most) return std::unexpected(most.error());
    const auto after = number_of(call, "part-number-marker", 0, std::numeric_limits<int>::max(), 0,
                                 "Argument part-number-marker must be an integer between 0 and 2147483647");
    if (!after) return std::unexpected(after.error());
    const auto bucket = find_bucket(call);
    if (!bucket) return std::unexpected(bucket.error());
    const auto upload = find_upload(call, **bucket);
    if (!upload) return std::unexpected(upload.error());
    const auto& parts = (*upload)->parts;
    const auto limit = std::size_t(std::min(*most, most_on_a_page));

    XmlWriter listed;
    std::size_t shown = 0;
    int last = 0;
    auto it = parts.upper_bound(*after);
    for (; it != parts.end() && shown < limit; ++it, ++shown) {
        const auto& [number, part] = *it;
        last = number;
        listed.open("Part").leaf("PartNumber", std::to_string(number));
        listed.leaf("LastModified", to_rfc3339(part.modified, true)).leaf("ETag", quoted(part.etag));
        listed.leaf("Size", std::to_string(part.data->size()));
        if (part.checksum) listed.leaf(element_of(part.checksum->algorithm), part.checksum->value);
        listed.close("Part");
    }

    auto xml = document("ListPartsResult");
    xml.leaf("Bucket", call.bucket).leaf("Key", call.key).leaf("UploadId", (*upload)->id);
    xml.open("Initiator").leaf("ID", (*upload)->initiator).close("Initiator");
    write_person(xml, "Owner", call.account.canonical_user_id());
    xml.leaf("StorageClass", "STANDARD").leaf("PartNumberMarker", std::to_string(*after));
    xml.leaf("NextPartNumberMarker", std::to_string(last)).leaf("MaxParts", std::to_string(limit));
    if (!(*upload)->checksum_algorithm.empty()) {
        xml.leaf("ChecksumAlgorithm", (*upload)->checksum_algorithm);
        xml.leaf("ChecksumType", (*upload)->composite ? "COMPOSITE" : "FULL_OBJECT");
    }
    xml.leaf("IsTruncated", limit > 0 && it != parts.end()).raw(listed.take());
    return xml_reply(xml.close("ListPartsResult"));
}

// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListMultipartUploads.html
Outcome<Reply> list_multipart_uploads(const Call& call) {
    if (auto allowed = authorise_on_bucket(call, "ListBucketMultipartUploads"); !allowed)
        return std::unexpected(allowed.error());
    const auto most = number_of(call, "max-uploads", 1, most_on_a_page, most_on_a_page,
                                "Argument max-uploads must be an integer between 1 and 1000");
    if (!most) return std::unexpected(most.error());
    const auto encoded = encodes_names(call);
    if (!encoded) return std::unexpected(encoded.error());
    const auto bucket = find_bucket(call);
    if (!bucket) return std::unexpected(bucket.error());
    const auto prefix = call.query.get("prefix"), delimiter = call.query.get("delimiter");
    const auto key_marker = call.query.get("key-marker"), id_marker = call.query.get("upload-id-marker");

    XmlWriter listed;
    std::set<std::string> shared;
    std::size_t shown = 0;
    bool truncated = false;
    std::string next_key, next_id;
    for (const auto& [name, upload] : (*bucket)->uploads) {
        if (!upload.key.starts_with(prefix)) continue;
        if (!key_marker.empty()) {
            if (upload.key < key_marker) continue;
            if (upload.key == key_marker && (id_marker.empty() || upload.id <= id_marker)) continue;
            if (!delimiter.empty() && key_marker.ends_with(delimiter) && upload.key.starts_with(key_marker))
                continue;
        }
        const auto end = delimiter.empty() ? std::string::npos : upload.key.find(delimiter, prefix.size());
        const auto common = end == std::string::npos ? "" : upload.key.substr(0, end + delimiter.size());
        if (!common.empty() && shared.contains(common)) continue;
        if (shown == std::size_t(*most)) {
            truncated = true;
            break;
        }
        ++shown;
        next_key = common.empty() ? upload.key : common;
        next_id = common.empty() ? upload.id : "";
        if (!common.empty()) {
            shared.insert(common);
            continue;
        }
        listed.open("Upload").leaf("Key", name_in_answer(upload.key, *encoded)).leaf("UploadId", upload.id);
        listed.open("Initiator").leaf("ID", upload.initiator).close("Initiator");
        write_person(listed, "Owner", call.account.canonical_user_id());
        listed.leaf("StorageClass", "STANDARD").leaf("Initiated", to_rfc3339(upload.initiated, true));
        if (!upload.checksum_algorithm.empty()) listed.leaf("ChecksumAlgorithm", upload.checksum_algorithm);
        listed.close("Upload");
    }

    auto xml = document("ListMultipartUploadsResult");
    xml.leaf("Bucket", call.bucket).leaf("KeyMarker", name_in_answer(key_marker, *encoded));
    xml.leaf("UploadIdMarker", id_marker);
    if (truncated)
        xml.leaf("NextKeyMarker", name_in_answer(next_key, *encoded)).leaf("NextUploadIdMarker", next_id);
    xml.leaf("Prefix", name_in_answer(prefix, *encoded));
    if (!delimiter.empty()) xml.leaf("Delimiter", name_in_answer(delimiter, *encoded));
    if (*encoded) xml.leaf("EncodingType", "url");
    xml.leaf("MaxUploads", std::to_string(*most)).leaf("IsTruncated", truncated).raw(listed.take());
    for (const auto& common : shared)
        xml.open("CommonPrefixes").leaf("Prefix", name_in_answer(common, *encoded)).close("CommonPrefixes");
    return xml_reply(xml.close("ListMultipartUploadsResult"));
}

}  // namespace keytide::lab::s3
