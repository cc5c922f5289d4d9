// The checksums that clients send along and ask back: x-amz-checksum-crc32 and its neighbours, and
// Content-MD5. https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity-upload.html
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "lab/request.hpp"
#include "lab/service_error.hpp"
#include "lab/state/objects.hpp"

namespace keytide::lab::s3 {

// CRC32, CRC32C, CRC64NVME, SHA1, SHA256.
bool is_checksum_algorithm(std::string_view name);

// CRC64NVME exists of whole objects only, SHA1 and SHA256 of several parts as composites only.
bool may_be_composite(std::string_view algorithm);
bool may_be_of_parts_as_a_whole(std::string_view algorithm);

std::string header_of(std::string_view algorithm);   // x-amz-checksum-crc32
std::string element_of(std::string_view algorithm);  // ChecksumCRC32

// Of the bytes, in base64.
std::string compute_checksum(std::string_view algorithm, std::string_view data);

// Of a checksum over the parts' checksums: with "-" and their number.
std::string compose_checksum(std::string_view algorithm, std::span<const std::string> parts);

// The one in the request's headers; nothing when there is none. InvalidRequest for two of them, for one of an
// algorithm nobody knows and one that cannot be read. Not compared with anything yet.
Outcome<std::optional<ObjectChecksum>> presented_checksum(const Request& request);

// Compares all that the request says of its body with the body: Content-MD5 and the checksum, which is
// returned. BadDigest, InvalidDigest.
Outcome<std::optional<ObjectChecksum>> check_integrity(const Request& request);

}  // namespace keytide::lab::s3
