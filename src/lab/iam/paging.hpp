// Marker and MaxItems: how IAM cuts a list into pages.
//
// A marker names the last item that was seen, so that nothing is skipped when items come and go between
// pages. https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListUsers.html
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>

#include "lab/parameters.hpp"
#include "lab/service_error.hpp"
#include "lab/xml.hpp"

namespace keytide::lab::iam {

struct Page {
    std::size_t begin = 0;
    std::size_t end = 0;
    std::string marker;  // of the next page; empty on the last

    void append_to(XmlWriter& xml) const;  // IsTruncated, and Marker where there is more
};

// The two halves of it, for lists that are not in memory as a whole: how many items are wanted, and which one
// was the last that was seen; nothing: from the start.
Outcome<std::size_t> items_of(const Parameters& parameters);
Outcome<std::optional<std::string>> last_seen_of(const Parameters& parameters);
std::string to_marker(std::string_view last_seen);

// `names` in ascending order.
Outcome<Page> page_of(const Parameters& parameters, std::span<const std::string> names);

}  // namespace keytide::lab::iam
