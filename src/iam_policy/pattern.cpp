#include "iam_policy/pattern.hpp"

#include <cstddef>

namespace keytide::iam_policy {
namespace {

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? char(c - 'A' + 'a') : c;
}

// The text up to the next colon, which is taken away with it; the sixth segment takes all that is left.
std::string_view take_segment(std::string_view& text, std::size_t index) {
    const auto end = index == 5 ? std::string_view::npos : text.find(':');
    const auto segment = text.substr(0, end);
    text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
    return segment;
}

}  // namespace

bool glob_matches(std::string_view pattern, std::string_view text) {
    std::size_t p = 0;
    std::size_t t = 0;
    std::size_t star = std::string_view::npos;  // the last star passed
    std::size_t resume = 0;                     // the first character that the star has not swallowed yet
    while (t < text.size()) {
        if (p < pattern.size() && pattern[p] == '*') {
            star = p++;
            resume = t;
        } else if (p < pattern.size() && (pattern[p] == '?' || pattern[p] == text[t])) {
            ++p;
            ++t;
        } else if (star != std::string_view::npos) {
            p = star + 1;
            t = ++resume;
        } else {
            return false;
        }
    }
    while (p < pattern.size() && pattern[p] == '*') ++p;
    return p == pattern.size();
}

ActionPattern::ActionPattern(std::string_view text)
    : pattern_(text.size(), '\0'), all_(text == "*" || text == "*:*") {
    for (std::size_t i = 0; i < text.size(); ++i) pattern_[i] = lower(text[i]);
}

ResourcePattern::ResourcePattern(std::string_view text) : all_(text == "*") {
    for (std::size_t i = 0; i < segments_.size(); ++i) segments_[i] = take_segment(text, i);
}

bool ResourcePattern::matches(std::string_view resource) const {
    if (all_) return true;
    if (!resource.starts_with("arn:")) return false;
    for (std::size_t i = 0; i < segments_.size(); ++i)
        if (!glob_matches(segments_[i], take_segment(resource, i))) return false;
    return true;
}

}  // namespace keytide::iam_policy
