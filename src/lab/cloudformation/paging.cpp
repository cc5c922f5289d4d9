#include "lab/cloudformation/paging.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <numeric>

namespace keytide::lab::cloudformation {
namespace {

constexpr std::string_view prefix = "item-";  // opaque to clients, and no number to count with

Outcome<std::size_t> number_in(std::string_view token) {
    std::size_t number = 0;
    const auto* last = token.data() + token.size();
    if (token.starts_with(prefix)) {
        const auto [end, error] = std::from_chars(token.data() + prefix.size(), last, number);
        if (error == std::errc{} && end == last) return number;
    }
    return invalid("NextToken is not one that was given.");
}

}  // namespace

ActionResult paged(const Call& call, std::string_view element, const std::vector<std::size_t>& numbers,
                   const std::function<void(XmlWriter&, std::size_t number)>& append) {
    auto next = numbers.begin();
    if (const auto token = call.parameters.get("NextToken"); !token.empty()) {
        const auto number = number_in(token);
        if (!number) return std::unexpected(number.error());
        const bool rises = numbers.size() > 1 && numbers.front() < numbers.back();
        next = std::find_if(numbers.begin(), numbers.end(),
                            [&](std::size_t one) { return rises ? one >= *number : one <= *number; });
    }
    XmlWriter xml;
    xml.open(element);
    for (std::size_t shown = 0; shown < items_per_page && next != numbers.end(); ++shown)
        append(xml, *next++);
    xml.close(element);
    if (next != numbers.end()) xml.leaf("NextToken", fmt::format("{}{}", prefix, *next));
    return xml.take();
}

std::vector<std::size_t> rising(std::size_t count) {
    std::vector<std::size_t> numbers(count);
    std::iota(numbers.begin(), numbers.end(), std::size_t{0});
    return numbers;
}

std::vector<std::size_t> falling(std::size_t count) {
    auto numbers = rising(count);
    std::reverse(numbers.begin(), numbers.end());
    return numbers;
}

}  // namespace keytide::lab::cloudformation
