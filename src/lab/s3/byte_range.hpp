// The header Range, as far as S3 knows it: one range of bytes.
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "lab/service_error.hpp"

namespace keytide::lab::s3 {

struct ByteRange {
    std::size_t first = 0, length = 0;
};

// Nothing: no range that S3 understands, which means the whole object. InvalidRange 416 for one that begins
// beyond the end.
Outcome<std::optional<ByteRange>> byte_range(std::string_view header, std::size_t size);

// bytes=0-99 with both ends, all of it there: for x-amz-copy-source-range. InvalidArgument, InvalidRange.
Outcome<ByteRange> exact_byte_range(std::string_view header, std::size_t size);

}  // namespace keytide::lab::s3
