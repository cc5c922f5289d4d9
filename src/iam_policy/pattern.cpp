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

// Names of variables ignore case.
constexpr std::string_view user_name_variable = "${aws:username}";

bool begins_with_the_name(std::string_view text) {
    if (text.size() < user_name_variable.size()) return false;
    for (std::size_t i = 0; i < user_name_variable.size(); ++i)
        if (lower(text[i]) != user_name_variable[i]) return false;
    return true;
}

std::vector<std::string> cut_at_the_name(std::string_view text) {
    std::vector<std::string> parts{""};
    while (!text.empty()) {
        const bool here = begins_with_the_name(text);
        if (here)
            parts.emplace_back();
        else
            parts.back() += text.front();
        text.remove_prefix(here ? user_name_variable.size() : 1);
    }
    return parts;
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

ResourcePattern::ResourcePattern(std::string_view text, bool takes_variables) : all_(text == "*") {
    for (std::size_t i = 0; i < segments_.size(); ++i) segments_[i] = take_segment(text, i);
    if (takes_variables) around_name_ = cut_at_the_name(segments_.back());
    if (around_name_.size() == 1) around_name_.clear();
}

std::string_view ResourcePattern::unknown_variable(std::string_view text) {
    for (std::size_t i = 0; i < 5; ++i)
        if (const auto segment = take_segment(text, i); segment.find("${") != std::string_view::npos)
            return segment;
    for (auto at = text.find("${"); at != std::string_view::npos; at = text.find("${", at + 1))
        if (!begins_with_the_name(text.substr(at))) return text.substr(at, text.find('}', at) + 1 - at);
    return {};
}

// A name holds no wildcards: its characters are letters, digits and +=,.@_-
std::string ResourcePattern::last_segment(std::string_view user_name) const {
    std::string text = around_name_.front();
    for (std::size_t i = 1; i < around_name_.size(); ++i) text.append(user_name).append(around_name_[i]);
    return text;
}

bool ResourcePattern::matches(std::string_view resource, std::string_view user_name) const {
    if (all_) return true;
    if (!resource.starts_with("arn:")) return false;
    for (std::size_t i = 0; i < 5; ++i)
        if (!glob_matches(segments_[i], take_segment(resource, i))) return false;
    if (around_name_.empty()) return glob_matches(segments_[5], resource);
    return !user_name.empty() && glob_matches(last_segment(user_name), resource);
}

}  // namespace keytide::iam_policy
