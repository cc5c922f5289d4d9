#include "lab/s3/byte_range.hpp"

#include <algorithm>
#include <charconv>
#include <string>

#include "lab/s3/call.hpp"

namespace keytide::lab::s3 {
namespace {

std::optional<std::size_t> whole_number(std::string_view text) {
    std::size_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size()) return {};
    return number;
}

struct Ends {
    std::optional<std::size_t> first, last;
};

// bytes=1-2, bytes=1- or bytes=-2.
std::optional<Ends> ends_of(std::string_view header) {
    constexpr std::string_view unit = "bytes=";
    if (!header.starts_with(unit)) return {};
    header.remove_prefix(unit.size());
    const auto dash = header.find('-');
    if (dash == std::string_view::npos) return {};
    const auto first = header.substr(0, dash), last = header.substr(dash + 1);
    const Ends ends{whole_number(first), whole_number(last)};
    if ((!ends.first && !first.empty()) || (!ends.last && !last.empty())) return {};
    if (!ends.first && !ends.last) return {};
    if (ends.first && ends.last && *ends.last < *ends.first) return {};
    return ends;
}

std::unexpected<ServiceError> not_satisfiable(std::string_view header, std::size_t size) {
    ServiceError error{"InvalidRange", "The requested range is not satisfiable", 416};
    error.elements = {{"RangeRequested", std::string(header)}, {"ActualObjectSize", std::to_string(size)}};
    return std::unexpected(std::move(error));
}

}  // namespace

Outcome<std::optional<ByteRange>> byte_range(std::string_view header, std::size_t size) {
    const auto ends = ends_of(header);
    if (!ends) return std::nullopt;
    if (!ends->first) {
        const auto length = std::min(*ends->last, size);
        if (length == 0) return not_satisfiable(header, size);
        return ByteRange{size - length, length};
    }
    if (*ends->first >= size) return not_satisfiable(header, size);
    const auto last = std::min(ends->last.value_or(size - 1), size - 1);
    return ByteRange{*ends->first, last - *ends->first + 1};
}

Outcome<ByteRange> exact_byte_range(std::string_view header, std::size_t size) {
    const auto ends = ends_of(header);
    if (!ends || !ends->first || !ends->last)
        return invalid_argument(
            "The x-amz-copy-source-range value must be of the form bytes=first-last where first and last are "
            "the zero-based offsets of the first and last bytes to copy",
            "x-amz-copy-source-range", header);
    if (*ends->last >= size)
        return invalid_argument(
            "Range specified is not valid for source object of size: " + std::to_string(size),
            "x-amz-copy-source-range", header);
    return ByteRange{*ends->first, *ends->last - *ends->first + 1};
}

}  // namespace keytide::lab::s3
