#include "lab/state/tags.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "iam_policy/lower_case.hpp"
#include "lab/query_protocol.hpp"

namespace keytide::lab {
namespace {

constexpr std::size_t most_tags = 50;
constexpr std::size_t longest_key = 128;
constexpr std::size_t longest_value = 256;

// Of letters, digits, spaces and _.:/=+-@ in any script: whatever is not ASCII may pass for a letter.
bool are_tag_characters(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](unsigned char c) {
        return c >= 0x80 || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
               std::string_view(" _.:/=+-@").find(char(c)) != std::string_view::npos;
    });
}

std::size_t characters(std::string_view utf8) {
    return std::size_t(std::count_if(utf8.begin(), utf8.end(), [](char c) { return (c & 0xc0) != 0x80; }));
}

Outcome<void> check_text(const std::string& member, std::string_view text, std::size_t least,
                         std::size_t most) {
    if (characters(text) < least)
        return std::unexpected(constraint_violated(
            member, fmt::format("Member must have length greater than or equal to {}", least)));
    if (characters(text) > most)
        return std::unexpected(constraint_violated(
            member, fmt::format("Member must have length less than or equal to {}", most)));
    if (!are_tag_characters(text))
        return std::unexpected(constraint_violated(
            member,
            fmt::format(
                R"(Member must satisfy regular expression pattern: [\p{{L}}\p{{Z}}\p{{N}}_.:/=+\-@]{})",
                least == 0 ? "*" : "+")));
    return {};
}

Outcome<void> check_count(std::string_view member, std::size_t count) {
    if (count <= most_tags) return {};
    return std::unexpected(constraint_violated(
        member, fmt::format("Member must have length less than or equal to {}", most_tags)));
}

}  // namespace

Outcome<void> check_tags(std::span<const Tag> tags) {
    if (auto valid = check_count("tags", tags.size()); !valid) return valid;
    std::set<std::string> keys;
    for (std::size_t i = 0; i < tags.size(); ++i) {
        const auto member = fmt::format("tags.{}.member.", i + 1);
        if (auto valid = check_text(member + "key", tags[i].key, 1, longest_key); !valid) return valid;
        if (auto valid = check_text(member + "value", tags[i].value, 0, longest_value); !valid) return valid;
        const auto key = iam_policy::lower_case(tags[i].key);
        if (key.starts_with("aws:"))
            return refuse("InvalidInput",
                          "System tags cannot be added or changed: keys must not begin with aws:.", 400);
        if (!keys.insert(key).second)
            return refuse("InvalidInput",
                          "Duplicate tag keys found. Please note that Tag keys are case insensitive.", 400);
    }
    return {};
}

Outcome<void> check_tag_keys(std::span<const std::string> keys) {
    if (auto valid = check_count("tagKeys", keys.size()); !valid) return valid;
    for (std::size_t i = 0; i < keys.size(); ++i)
        if (auto valid = check_text(fmt::format("tagKeys.{}.member", i + 1), keys[i], 1, longest_key); !valid)
            return valid;
    return {};
}

Outcome<void> Tags::put(std::span<const Tag> tags) {
    auto wanted = by_key_;
    for (const auto& tag : tags) wanted.insert_or_assign(iam_policy::lower_case(tag.key), tag);
    if (wanted.size() > most_tags)
        return refuse("LimitExceeded", fmt::format("Cannot exceed quota for TagsPerResource: {}", most_tags),
                      409);
    by_key_ = std::move(wanted);
    return {};
}

void Tags::erase(std::span<const std::string> keys) {
    for (const auto& key : keys) by_key_.erase(iam_policy::lower_case(key));
}

const std::string* Tags::find(std::string_view key) const {
    const auto found = by_key_.find(iam_policy::lower_case(key));
    return found == by_key_.end() ? nullptr : &found->second.value;
}

std::vector<Tag> Tags::all() const {
    std::vector<Tag> result;
    for (const auto& [key, tag] : by_key_) result.push_back(tag);
    return result;
}

}  // namespace keytide::lab
