#include "lab/s3/multipart.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <pugixml.hpp>

#include "lab/randomness.hpp"
#include "lab/s3/byte_range.hpp"
#include "lab/s3/checksums.hpp"
#include "lab/s3/object_headers.hpp"
#include "lab/s3/objects.hpp"
#include "lab/s3/preconditions.hpp"
#include "lab/s3/uploads.hpp"
#include "lab/state/stored_time.hpp"

namespace keytide::lab::s3 {
namespace {

// https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html
constexpr int most_parts = 10'000;
constexpr std::size_t smallest_part = 5 * 1024 * 1024;  // all but the last

std::unexpected<ServiceError> invalid(std::string message) {
    return refuse("InvalidRequest", std::move(message), 400);
}

std::string lower(std::string text) {
    for (char& c : text) c = c >= 'A' && c <= 'Z' ? char(c - 'A' + 'a') : c;
    return text;
}

struct ChecksumPlan {
    std::string algorithm;
    bool composite = true;
};

// https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity-upload.html
Outcome<ChecksumPlan> checksum_plan(const Request& request) {
    const auto* algorithm = request.header("x-amz-checksum-algorithm");
    const auto* type = request.header("x-amz-checksum-type");
    if (algorithm == nullptr && type != nullptr)
        return invalid(
            "The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header.");
    if (algorithm == nullptr) return ChecksumPlan{};
    if (!is_checksum_algorithm(*algorithm)) return invalid("Checksum algorithm provided is unsupported.");
    ChecksumPlan plan{*algorithm, may_be_composite(*algorithm)};
    if (type == nullptr) return plan;
    if (*type != "COMPOSITE" && *type != "FULL_OBJECT")
        return invalid("Value for x-amz-checksum-type header is invalid.");
    plan.composite = *type == "COMPOSITE";
    if (plan.composite ? !may_be_composite(*algorithm) : !may_be_of_parts_as_a_whole(*algorithm))
        return invalid(fmt::format("The {} checksum type cannot be used with the {} checksum algorithm.",
                                   *type, lower(*algorithm)));
    return plan;
}

Outcome<int> part_number(const Call& call) {
    constexpr std::string_view message = "Part number must be an integer between 1 and 10000, inclusive";
    const auto number = number_of(call, "partNumber", 1, most_parts, 0, message);
    if (!number || *number > 0) return number;
    return invalid_argument(std::string(message), "partNumber", call.query.get("partNumber"));
}

// What CompleteMultipartUpload says of a part.
struct Wanted {
    int number = 0;
    std::string etag;
    std::optional<ObjectChecksum> checksum;
};

Outcome<std::vector<Wanted>> read_wanted(const std::string& body) {
    pugi::xml_document read;
    if (!read.load_buffer(body.data(), body.size())) return malformed_xml();
    const auto root = read.document_element();
    if (std::string_view(root.name()) != "CompleteMultipartUpload") return malformed_xml();
    std::vector<Wanted> all;
    for (const auto& part : root.children("Part")) {
        Wanted wanted{part.child("PartNumber").text().as_int(),
                      std::string(unquoted(part.child("ETag").text().get())),
                      {}};
        for (const char* algorithm : {"CRC32", "CRC32C", "CRC64NVME", "SHA1", "SHA256"})
            if (const auto child = part.child(element_of(algorithm).c_str()))
                wanted.checksum = {algorithm, child.text().get(), false};
        if (wanted.number < 1 || wanted.number > most_parts || wanted.etag.empty()) return malformed_xml();
        all.push_back(std::move(wanted));
    }
    if (all.empty() || all.size() > most_parts) return malformed_xml();
    return all;
}

std::unexpected<ServiceError> invalid_part(const Upload& upload, const Wanted& wanted) {
    ServiceError error{"InvalidPart",
                       "One or more of the specified parts could not be found.  The part may not have been "
                       "uploaded, or the specified entity tag may not match the part's entity tag.",
                       400};
    error.elements = {
        {"UploadId", upload.id}, {"PartNumber", std::to_string(wanted.number)}, {"ETag", wanted.etag}};
    return std::unexpected(std::move(error));
}

std::unexpected<ServiceError> too_small(const Part& part, const Wanted& wanted) {
    ServiceError error{"EntityTooSmall", "Your proposed upload is smaller than the minimum allowed size",
                       400};
    error.elements = {{"ProposedSize", std::to_string(part.data->size())},
                      {"MinSizeAllowed", std::to_string(smallest_part)},
                      {"PartNumber", std::to_string(wanted.number)},
                      {"ETag", wanted.etag}};
    return std::unexpected(std::move(error));
}

// The parts of the upload in the order asked for.
Outcome<std::vector<const Part*>> chosen_parts(const Upload& upload, const std::vector<Wanted>& wanted) {
    const auto later = [](const Wanted& a, const Wanted& b) { return a.number >= b.number; };
    if (std::adjacent_find(wanted.begin(), wanted.end(), later) != wanted.end())
        return refuse("InvalidPartOrder",
                      "The list of parts was not in ascending order. Parts must be ordered by part number.",
                      400);
    std::vector<const Part*> chosen;
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        const auto& one = wanted[i];
        const auto found = upload.parts.find(one.number);
        if (found == upload.parts.end() || found->second.etag != one.etag) return invalid_part(upload, one);
        const Part& part = found->second;
        if (one.checksum && part.checksum && *one.checksum != *part.checksum)
            return invalid_part(upload, one);
        if (!one.checksum && !upload.checksum_algorithm.empty() && upload.composite)
            return invalid(fmt::format(
                "The upload was created using a {} checksum. The complete request must include the checksum "
                "for each part. It was missing for part {} in the request.",
                lower(upload.checksum_algorithm), one.number));
        if (i + 1 < wanted.size() && part.data->size() < smallest_part) return too_small(part, one);
        chosen.push_back(&part);
    }
    return chosen;
}

std::optional<ObjectChecksum> checksum_of(const Upload& upload, const std::vector<const Part*>& parts,
                                          const std::string& data) {
    const auto& algorithm = upload.checksum_algorithm;
    if (algorithm.empty()) return {};
    if (!upload.composite) return ObjectChecksum{algorithm, compute_checksum(algorithm, data), false};
    std::vector<std::string> values;
    for (const auto* part : parts) values.push_back(part->checksum ? part->checksum->value : "");
    return ObjectChecksum{algorithm, compose_checksum(algorithm, values), true};
}

// What the request says of the whole object.
Outcome<void> check_whole(const Request& request, const Object& object) {
    if (const auto* size = request.header("x-amz-mp-object-size");
        size != nullptr && *size != std::to_string(object.data->size()))
        return invalid(
            fmt::format("The provided 'x-amz-mp-object-size' header value {} does not match what "
                        "was computed: {}",
                        *size, object.data->size()));
    const auto promised = presented_checksum(request);
    if (!promised) return std::unexpected(promised.error());
    if (!*promised) return {};
    const auto& wanted = **promised;
    if (object.checksum && object.checksum->algorithm == wanted.algorithm) {
        auto value = wanted.value;  // a composite one may come without its number
        if (object.checksum->composite && value.find('-') == std::string::npos)
            value += object.checksum->value.substr(object.checksum->value.find('-'));
        if (value == object.checksum->value) return {};
    } else if (compute_checksum(wanted.algorithm, *object.data) == wanted.value) {
        return {};
    }
    return refuse(
        "BadDigest",
        fmt::format("The {} you specified did not match the calculated checksum.", wanted.algorithm), 400);
}

Outcome<Upload*> upload_to_write(const Call& call) {
    if (auto allowed = authorise_on_object(call, "PutObject"); !allowed)
        return std::unexpected(allowed.error());
    const auto bucket = find_bucket(call);
    if (!bucket) return std::unexpected(bucket.error());
    return find_upload(call, **bucket);
}

}  // namespace

Outcome<Reply> create_multipart_upload(const Call& call) {
    if (auto allowed = authorise_on_object(call, "PutObject"); !allowed)
        return std::unexpected(allowed.error());
    auto tags = tags_in_header(call.request);
    if (!tags) return std::unexpected(tags.error());
    if (!tags->empty())
        if (auto allowed = authorise_on_object(call, "PutObjectTagging"); !allowed)
            return std::unexpected(allowed.error());
    const auto bucket = find_bucket(call);
    if (!bucket) return std::unexpected(bucket.error());
    auto headers = headers_to_keep(call.request);
    if (!headers) return std::unexpected(headers.error());
    auto plan = checksum_plan(call.request);
    if (!plan) return std::unexpected(plan.error());

    Upload upload{.id = draw_letters(call.account.randomness(), 64),
                  .key = call.key,
                  .initiated = stored_time(call.now),
                  .initiator = call.caller.arn,
                  .headers = std::move(*headers),
                  .tags = std::move(*tags),
                  .checksum_algorithm = plan->algorithm,
                  .composite = plan->composite};
    auto xml = document("InitiateMultipartUploadResult");
    xml.leaf("Bucket", call.bucket).leaf("Key", call.key).leaf("UploadId", upload.id);
    auto reply = xml_reply(xml.close("InitiateMultipartUploadResult"));
    if (!plan->algorithm.empty()) {
        reply.headers.push_back({"x-amz-checksum-algorithm", plan->algorithm});
        reply.headers.push_back({"x-amz-checksum-type", plan->composite ? "COMPOSITE" : "FULL_OBJECT"});
    }
    auto name = std::pair(upload.key, upload.id);
    (*bucket)->uploads.emplace(std::move(name), std::move(upload));
    return reply;
}

Outcome<Reply> upload_part(const Call& call) {
    const auto number = part_number(call);
    if (!number) return std::unexpected(number.error());
    const auto upload = upload_to_write(call);
    if (!upload) return std::unexpected(upload.error());
    auto checksum = check_integrity(call.request);
    if (!checksum) return std::unexpected(checksum.error());
    const auto& algorithm = (*upload)->checksum_algorithm;
    const auto presented = *checksum ? (*checksum)->algorithm : "null";
    if (!algorithm.empty() && presented != algorithm && ((*upload)->composite || *checksum))
        return invalid(fmt::format(
            "Checksum Type mismatch occurred, expected checksum Type: {}, actual checksum Type: {}",
            lower(algorithm), lower(presented)));

    Part part{std::make_shared<const std::string>(call.request.body), etag_of(call.request.body),
              stored_time(call.now), std::move(*checksum)};
    Reply reply;
    reply.headers.push_back({"ETag", quoted(part.etag)});
    if (part.checksum) reply.headers.push_back({header_of(part.checksum->algorithm), part.checksum->value});
    (*upload)->parts.insert_or_assign(*number, std::move(part));
    return reply;
}

Outcome<Reply> upload_part_copy(const Call& call) {
    const auto number = part_number(call);
    if (!number) return std::unexpected(number.error());
    const auto upload = upload_to_write(call);
    if (!upload) return std::unexpected(upload.error());
    const auto source = find_source(call);
    if (!source) return std::unexpected(source.error());
    auto data = source->object.data;
    if (const auto* range = call.request.header("x-amz-copy-source-range")) {
        const auto exact = exact_byte_range(*range, data->size());
        if (!exact) return std::unexpected(exact.error());
        data = std::make_shared<const std::string>(data->substr(exact->first, exact->length));
    }
    Part part{data, etag_of(*data), stored_time(call.now), {}};
    if (const auto& algorithm = (*upload)->checksum_algorithm; !algorithm.empty())
        part.checksum = {algorithm, compute_checksum(algorithm, *data), false};
    auto xml = document("CopyPartResult");
    xml.leaf("LastModified", to_rfc3339(part.modified, true)).leaf("ETag", quoted(part.etag));
    if (part.checksum) xml.leaf(element_of(part.checksum->algorithm), part.checksum->value);
    (*upload)->parts.insert_or_assign(*number, std::move(part));
    return xml_reply(xml.close("CopyPartResult"));
}

Outcome<Reply> complete_multipart_upload(const Call& call) {
    const auto found = upload_to_write(call);
    if (!found) return std::unexpected(found.error());
    Upload& upload = **found;
    auto& bucket = **call.account.buckets().named(call.bucket);
    const auto present = bucket.objects.find(call.key);
    if (auto met = check_write(call.request, present == bucket.objects.end() ? nullptr : &present->second);
        !met)
        return std::unexpected(met.error());
    const auto wanted = read_wanted(call.request.body);
    if (!wanted) return std::unexpected(wanted.error());
    const auto parts = chosen_parts(upload, *wanted);
    if (!parts) return std::unexpected(parts.error());

    std::string data;
    std::vector<std::string> etags;
    for (const auto* part : *parts) {
        data += *part->data;
        etags.push_back(part->etag);
    }
    Object object{.etag = etag_of_parts(etags),
                  .modified = stored_time(call.now),
                  .headers = upload.headers,
                  .tags = upload.tags,
                  .checksum = checksum_of(upload, *parts, data)};
    object.data = std::make_shared<const std::string>(std::move(data));
    if (auto whole = check_whole(call.request, object); !whole) return std::unexpected(whole.error());

    const auto* host = call.request.header("host");
    auto xml = document("CompleteMultipartUploadResult");
    xml.leaf("Location", "http://" + (host != nullptr ? *host : "") + call.request.path);
    xml.leaf("Bucket", call.bucket).leaf("Key", call.key).leaf("ETag", quoted(object.etag));
    if (object.checksum) {
        xml.leaf(element_of(object.checksum->algorithm), object.checksum->value);
        xml.leaf("ChecksumType", object.checksum->composite ? "COMPOSITE" : "FULL_OBJECT");
    }
    bucket.objects.insert_or_assign(call.key, std::move(object));
    bucket.uploads.erase({upload.key, upload.id});
    return xml_reply(xml.close("CompleteMultipartUploadResult"));
}

Outcome<Reply> abort_multipart_upload(const Call& call) {
    if (auto allowed = authorise_on_object(call, "AbortMultipartUpload"); !allowed)
        return std::unexpected(allowed.error());
    const auto bucket = find_bucket(call);
    if (!bucket) return std::unexpected(bucket.error());
    const auto upload = find_upload(call, **bucket);
    if (!upload) return std::unexpected(upload.error());
    (*bucket)->uploads.erase({(*upload)->key, (*upload)->id});
    return Reply{204, "", {}, ""};
}

}  // namespace keytide::lab::s3
