#include "lab/iam/paging.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "lab/query_protocol.hpp"

namespace keytide::lab::iam {
namespace {

constexpr std::size_t default_items = 100;
constexpr std::size_t most_items = 1000;

std::optional<std::string> from_marker(std::string_view marker) {
    if (marker.empty() || marker.size() % 2 != 0) return {};
    std::string name;
    for (std::size_t i = 0; i < marker.size(); i += 2) {
        unsigned char byte = 0;
        const auto [end, error] = std::from_chars(marker.data() + i, marker.data() + i + 2, byte, 16);
        if (error != std::errc{} || end != marker.data() + i + 2) return {};
        name += char(byte);
    }
    return name;
}

}  // namespace

// Hexadecimal, so that nobody mistakes a marker for a name.
std::string to_marker(std::string_view name) {
    std::string marker;
    for (const unsigned char c : name) fmt::format_to(std::back_inserter(marker), "{:02x}", c);
    return marker;
}

void Page::append_to(XmlWriter& xml) const {
    xml.leaf("IsTruncated", !marker.empty());
    if (!marker.empty()) xml.leaf("Marker", marker);
}

Outcome<std::size_t> items_of(const Parameters& parameters) {
    const auto* text = parameters.find("MaxItems");
    if (text == nullptr) return default_items;
    std::size_t items = 0;
    const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), items);
    if (error != std::errc{} || end != text->data() + text->size() || items < 1)
        return std::unexpected(
            constraint_violated("maxItems", "Member must have value greater than or equal to 1"));
    if (items > most_items)
        return std::unexpected(
            constraint_violated("maxItems", "Member must have value less than or equal to 1000"));
    return items;
}

Outcome<std::optional<std::string>> last_seen_of(const Parameters& parameters) {
    const auto* marker = parameters.find("Marker");
    if (marker == nullptr) return std::nullopt;
    auto name = from_marker(*marker);
    if (!name) return refuse("ValidationError", "Invalid Marker.", 400);
    return name;
}

Outcome<Page> page_of(const Parameters& parameters, std::span<const std::string> names) {
    const auto items = items_of(parameters);
    if (!items) return std::unexpected(items.error());
    const auto last_seen = last_seen_of(parameters);
    if (!last_seen) return std::unexpected(last_seen.error());
    Page page;
    if (*last_seen)
        page.begin = std::size_t(std::upper_bound(names.begin(), names.end(), **last_seen) - names.begin());
    page.end = std::min(names.size(), page.begin + *items);
    if (page.end < names.size()) page.marker = to_marker(names[page.end - 1]);
    return page;
}

}  // namespace keytide::lab::iam
