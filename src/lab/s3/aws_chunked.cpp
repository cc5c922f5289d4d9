#include "lab/s3/aws_chunked.hpp"

#include <algorithm>
#include <charconv>

namespace keytide::lab::s3 {
namespace {

constexpr std::size_t smallest_chunk = 8192;  // all but the last one that has data
constexpr std::size_t most_trailers = 16;

// https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
std::unexpected<ServiceError> incomplete_body() {
    return refuse("IncompleteBody", "The request body terminated unexpectedly", 400);
}

// The status and both elements as AWS sent them: https://github.com/versity/versitygw/issues/1683,
// https://github.com/aws/aws-sdk-cpp/issues/2727
std::unexpected<ServiceError> chunk_too_small(std::size_t number, std::size_t size) {
    ServiceError error{"InvalidChunkSizeError",
                       "Only the last chunk is allowed to have a size less than 8192 bytes", 403};
    error.elements = {{"Chunk", std::to_string(number)}, {"BadChunkSize", std::to_string(size)}};
    return std::unexpected(std::move(error));
}

// Takes a line off the front, without its end. False: no line ends in what is left.
bool take_line(std::string_view& rest, std::string_view& line) {
    const auto end = rest.find('\n');
    if (end == std::string_view::npos) return false;
    line = rest.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    rest.remove_prefix(end + 1);
    return true;
}

struct ChunkHead {
    std::size_t size = 0;
    std::string_view signature;
};

bool read_chunk_head(std::string_view line, ChunkHead& head) {
    const auto semicolon = std::min(line.find(';'), line.size());
    const auto size = line.substr(0, semicolon);
    const auto [end, error] = std::from_chars(size.data(), size.data() + size.size(), head.size, 16);
    if (error != std::errc{} || end != size.data() + size.size()) return false;
    if (semicolon == line.size()) return true;
    constexpr std::string_view extension = "chunk-signature=";
    line.remove_prefix(semicolon + 1);
    if (!line.starts_with(extension)) return false;
    head.signature = line.substr(extension.size());
    return !head.signature.empty();
}

bool read_trailer(std::string_view line, ChunkedBody& into) {
    const auto colon = line.find(':');
    if (colon == std::string_view::npos || colon == 0) return false;
    auto value = line.substr(colon + 1);
    while (value.starts_with(' ')) value.remove_prefix(1);
    while (value.ends_with(' ')) value.remove_suffix(1);
    std::string name(line.substr(0, colon));
    for (char& c : name) c = c >= 'A' && c <= 'Z' ? char(c - 'A' + 'a') : c;
    if (name == "x-amz-trailer-signature") {
        if (!into.trailer_signature.empty()) return false;
        into.trailer_signature = value;
        return !value.empty();
    }
    if (into.trailers.size() == most_trailers) return false;
    into.trailers.push_back({std::move(name), std::string(value)});
    return true;
}

// AWS's own example has an empty line between the last chunk and the trailers, and the SDKs end with one.
Outcome<void> read_trailers(std::string_view rest, ChunkedBody& into) {
    while (!rest.empty()) {
        std::string_view line;
        if (!take_line(rest, line)) return malformed_trailer();
        if (!line.empty() && !read_trailer(line, into)) return malformed_trailer();
    }
    std::sort(into.trailers.begin(), into.trailers.end(),
              [](const HeaderField& a, const HeaderField& b) { return a.name < b.name; });
    return {};
}

}  // namespace

std::unexpected<ServiceError> malformed_trailer() {
    return refuse("MalformedTrailerError",
                  "The request contained trailing data that was not well-formed or did not conform to our "
                  "published schema.",
                  400);
}

Outcome<ChunkedBody> read_aws_chunked(std::string_view body, std::uint64_t decoded_length) {
    ChunkedBody result;
    std::uint64_t length = 0;
    for (;;) {
        std::string_view line;
        ChunkHead head;
        if (!take_line(body, line) || !read_chunk_head(line, head)) return incomplete_body();
        if (head.size > 0 && !result.chunks.empty() && result.chunks.back().data.size() < smallest_chunk)
            return chunk_too_small(result.chunks.size() + 1, result.chunks.back().data.size());
        if (head.size > body.size()) return incomplete_body();
        result.chunks.push_back({body.substr(0, head.size), head.signature});
        length += head.size;
        body.remove_prefix(head.size);
        if (head.size == 0) break;
        if (!body.starts_with("\r\n")) return incomplete_body();
        body.remove_prefix(2);
    }
    if (length != decoded_length) return incomplete_body();
    if (auto read = read_trailers(body, result); !read) return std::unexpected(read.error());
    return result;
}

}  // namespace keytide::lab::s3
