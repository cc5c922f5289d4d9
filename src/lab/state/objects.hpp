// The objects of one bucket, and the uploads in parts that may become objects.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingObjects.html
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lab/request.hpp"
#include "lab/service_error.hpp"
#include "vocabulary/instant.hpp"

namespace keytide::lab {

// Shared, so that a copy of an object costs nothing, and an answer outlives its object.
using ObjectData = std::shared_ptr<const std::string>;

// A checksum that the client chose, beside the ETag. https://docs.aws.amazon.com/AmazonS3/latest/userguide/
// checking-object-integrity-upload.html
struct ObjectChecksum {
    std::string algorithm;   // CRC32, CRC32C, CRC64NVME, SHA1, SHA256
    std::string value;       // base64; of a composite one with "-" and the number of parts
    bool composite = false;  // of the parts' checksums, not of the bytes

    bool operator==(const ObjectChecksum&) const = default;
};

using ObjectTags = std::vector<std::pair<std::string, std::string>>;

struct Object {
    ObjectData data;
    std::string etag;  // without quotation marks
    Instant modified;
    std::vector<HeaderField> headers;  // Content-Type, x-amz-meta-…: what comes back as it was sent
    ObjectTags tags;
    std::optional<ObjectChecksum> checksum;
};

using Objects = std::map<std::string, Object, std::less<>>;  // by key, in the order of UTF-8 bytes

struct Part {
    ObjectData data;
    std::string etag;
    Instant modified;
    std::optional<ObjectChecksum> checksum;
};

struct Upload {
    std::string id, key;
    Instant initiated;
    std::string initiator;  // the ARN of who began it
    std::vector<HeaderField> headers;
    ObjectTags tags;
    std::string checksum_algorithm;  // empty: none was asked for
    bool composite = true;           // how the object's checksum is to be made of the parts'
    std::map<int, Part> parts;
};

using Uploads = std::map<std::pair<std::string, std::string>, Upload>;  // by key and id

// A page of a list in which keys that have the same beginning up to a delimiter stand together.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-prefixes.html
struct ListingQuery {
    std::string_view prefix, delimiter;
    std::string_view after;  // keys beyond this one, which may also be a common prefix
    std::size_t most = 1000;
};
struct Listing {
    std::vector<const Objects::value_type*> objects;
    std::vector<std::string> common_prefixes;
    bool truncated = false;
    std::string last;  // the last object or common prefix on the page
};
Listing list(const Objects& objects, const ListingQuery& query);

// The MD5 of the parts' MD5s, and how many: what AWS gives objects that came in parts.
std::string etag_of_parts(std::span<const std::string> etags);
std::string etag_of(std::string_view data);  // MD5

}  // namespace keytide::lab
