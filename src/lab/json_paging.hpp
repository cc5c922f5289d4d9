// Lists in pages, as the services of the JSON protocol have them: NextToken goes on where the page ended.
#pragma once

#include <charconv>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace keytide::lab {

template <class T>
struct Page {
    std::vector<T> items;
    std::optional<std::string> next{};  // the token; nothing: this was the last
};

// Nothing: the token is none of ours.
template <class T>
std::optional<Page<T>> page_of(const std::vector<T>& all, std::size_t most,
                               const std::optional<std::string>& token) {
    std::size_t begin = 0;
    if (token) {
        const auto* end = token->data() + token->size();
        const auto read = std::from_chars(token->data(), end, begin, 16);
        if (read.ec != std::errc{} || read.ptr != end || begin > all.size()) return std::nullopt;
    }
    Page<T> page;
    for (std::size_t i = begin; i < all.size() && page.items.size() < most; ++i) page.items.push_back(all[i]);
    if (begin + page.items.size() < all.size()) {
        char text[17] = {};
        const auto written = std::to_chars(text, text + sizeof text, begin + page.items.size(), 16);
        page.next = std::string(text, written.ptr);
    }
    return page;
}

}  // namespace keytide::lab
