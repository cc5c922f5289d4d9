// The framing aws-chunked: a body that comes in chunks inside the HTTP body, each with its length and perhaps
// a signature, and after the last one trailers, such as a checksum that was computed on the way.
//
//   400;chunk-signature=ad80…\r\n  1024 bytes  \r\n0;chunk-signature=b6c6…\r\nx-amz-checksum-crc32:…\r\n\r\n
//
// This reads the framing and believes no signature; gate/payload.hpp verifies them.
// https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "lab/request.hpp"
#include "lab/service_error.hpp"

namespace keytide::lab::s3 {

struct Chunk {
    std::string_view data;
    std::string_view signature;  // empty: none
};

struct ChunkedBody {
    std::vector<Chunk> chunks;           // the last one, and only that, is empty
    std::vector<HeaderField> trailers;   // names in lower case, sorted
    std::string_view trailer_signature;  // empty: none
};

// `decoded_length`: as x-amz-decoded-content-length promised. IncompleteBody, InvalidChunkSizeError,
// MalformedTrailerError. What it returns points into `body`.
Outcome<ChunkedBody> read_aws_chunked(std::string_view body, std::uint64_t decoded_length);

// 400 MalformedTrailerError, in AWS's one sentence for all that can be wrong with trailers.
std::unexpected<ServiceError> malformed_trailer();

}  // namespace keytide::lab::s3
