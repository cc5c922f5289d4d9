#include "iam_policy/pattern.hpp"

#include <boost/container/small_vector.hpp>
#include <cstddef>
#include <span>

#include "iam_policy/lower_case.hpp"

namespace keytide::iam_policy {
namespace {

constexpr char16_t any_run = 0x100;
constexpr char16_t any_one = 0x101;
constexpr char16_t first_variable = 0x200;
constexpr std::size_t most_variables = 0xffff - first_variable;

using Units = std::span<const char16_t>;

char16_t unit(char c) {
    return char16_t(static_cast<unsigned char>(c));
}

bool glob_matches(Units pattern, std::string_view text, bool ignores_case) {
    constexpr auto none = ~std::size_t{0};
    if (pattern.size() > 2 * text.size() + 1) return false;  // it has no two stars in a row: too long
    std::size_t p = 0;
    std::size_t t = 0;
    std::size_t star = none;  // the last star passed
    std::size_t resume = 0;   // the first character that the star has not swallowed yet
    while (t < text.size()) {
        if (p < pattern.size() && pattern[p] == any_run) {
            star = p++;
            resume = t;
        } else if (p < pattern.size() && (pattern[p] == any_one ||
                                          pattern[p] == unit(ignores_case ? lower_case(text[t]) : text[t]))) {
            ++p;
            ++t;
        } else if (star != none) {
            p = star + 1;
            t = ++resume;
        } else {
            return false;
        }
    }
    while (p < pattern.size() && pattern[p] == any_run) ++p;
    return p == pattern.size();
}

// Up to the next colon, which is taken away with it; the sixth segment takes all that is left.
std::string_view take_segment(std::string_view& text, int index) {
    const auto end = index == 5 ? std::string_view::npos : text.find(':');
    const auto segment = text.substr(0, end);
    text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
    return segment;
}

Units take_segment(Units& units, int index) {
    std::size_t end = 0;
    while (end < units.size() && (index == 5 || units[end] != u':')) ++end;
    const auto segment = units.first(end);
    units = units.subspan(end < units.size() ? end + 1 : end);
    return segment;
}

bool arn_matches(Units pattern, std::string_view arn) {
    if (pattern.size() == 1 && pattern[0] == any_run) return true;
    if (!arn.starts_with("arn:")) return false;
    for (int i = 0; i < 6; ++i)
        if (!glob_matches(take_segment(pattern, i), take_segment(arn, i), false)) return false;
    return true;
}

struct Reference {
    std::string_view key;
    bool has_default = false;
    std::string_view otherwise;
    std::size_t length = 0;  // with ${ and }; zero: this is no variable
};

bool is_key_character(char c) {
    const auto folded = lower_case(c);
    const bool beyond_ascii = static_cast<unsigned char>(c) >= 0x80;  // in names of tags
    return beyond_ascii || (folded >= 'a' && folded <= 'z') || (c >= '0' && c <= '9') ||
           std::string_view(":/_-.=+@").find(c) != std::string_view::npos;
}

// At a "${" of a text.
Reference read_reference(std::string_view text) {
    if (text.size() >= 4 && text[3] == '}' && std::string_view("*?$").find(text[2]) != std::string_view::npos)
        return {text.substr(2, 1), false, {}, 4};
    std::size_t end = 2;
    while (end < text.size() && is_key_character(text[end])) ++end;
    const auto key = text.substr(2, end - 2);
    if (key.empty() || end == text.size()) return {};
    if (text[end] == '}') return {key, false, {}, end + 1};
    if (text[end] != ',') return {};
    ++end;
    while (end < text.size() && text[end] == ' ') ++end;
    if (end == text.size() || text[end] != '\'') return {};
    const auto begin = end + 1;
    const auto quote = text.find('\'', begin);
    if (quote == std::string_view::npos) return {};
    const auto brace = text.find_first_not_of(' ', quote + 1);
    if (brace == std::string_view::npos || text[brace] != '}') return {};
    return {key, true, text.substr(begin, quote - begin), brace + 1};
}

}  // namespace

std::string_view Pattern::first_fault(std::string_view text) {
    std::size_t variables = 0;
    for (auto at = text.find("${"); at != std::string_view::npos; at = text.find("${", at)) {
        const auto reference = read_reference(text.substr(at));
        if (reference.length == 0 || ++variables > most_variables) return text.substr(at);
        at += reference.length;
    }
    return {};
}

Pattern::Pattern(std::string_view text, Reading reading)
    : text_(text), all_(reading.wildcards && text == "*"), ignores_case_(reading.ignores_case) {
    const bool moves = (reading.wildcards && text.find_first_of("*?") != std::string_view::npos) ||
                       (reading.variables && text.find("${") != std::string_view::npos);
    if (!moves) return;
    Parts parts;
    for (std::size_t i = 0; i < text.size();) {
        if (reading.variables && text.substr(i).starts_with("${")) {
            const auto found = read_reference(text.substr(i));
            i += found.length;
            if (found.key.size() == 1 && found.key.find_first_of("*?$") == 0) {
                parts.units += unit(found.key.front());
                continue;
            }
            parts.units += char16_t(first_variable + parts.variables.size());
            parts.variables.push_back(
                {lower_case(found.key), found.has_default, std::string(found.otherwise)});
            continue;
        }
        const char c = reading.ignores_case ? lower_case(text[i]) : text[i];
        ++i;
        if (reading.wildcards && c == '*') {
            if (!parts.units.ends_with(any_run)) parts.units += any_run;
        } else {
            parts.units += reading.wildcards && c == '?' ? any_one : unit(c);
        }
    }
    parts_ = std::make_shared<const Parts>(std::move(parts));
}

// Calls `match` with the units of the pattern, variables replaced; false where one has no value, and where
// more characters would come together than the `longest` text has, so that no number of variables blows up.
template <class Match>
bool Pattern::with_values(const Context& context, std::size_t longest, Match match) const {
    if (parts_->variables.empty()) return match(Units(parts_->units));
    boost::container::small_vector<char16_t, 256> units;
    const auto add = [&](std::string_view value) {
        for (const char c : value) units.push_back(unit(ignores_case_ ? lower_case(c) : c));
    };
    for (const char16_t one : parts_->units) {
        if (units.size() > 2 * longest + 1) return false;
        if (one < first_variable) {
            units.push_back(one);
            continue;
        }
        const auto& variable = parts_->variables[one - first_variable];
        const auto values = context.values(variable.key);
        if (values && values->size() == 1)
            add(values->front());
        else if (variable.has_default)
            add(variable.otherwise);
        else
            return false;
    }
    return match(Units(units.data(), units.size()));
}

bool Pattern::matches(std::string_view text, const Context& context) const {
    if (all_ || !parts_) return matches(text);
    return with_values(context, text.size(),
                       [&](Units units) { return glob_matches(units, text, ignores_case_); });
}

bool Pattern::matches(std::string_view text) const {
    if (all_) return true;
    if (parts_) return parts_->variables.empty() && glob_matches(parts_->units, text, ignores_case_);
    if (!ignores_case_) return text == text_;
    if (text.size() != text_.size()) return false;
    for (std::size_t i = 0; i < text.size(); ++i)
        if (lower_case(text[i]) != lower_case(text_[i])) return false;
    return true;
}

bool Pattern::matches_arn(std::string_view arn, const Context& context) const {
    if (all_) return true;
    if (!parts_) return arn == text_;
    return with_values(context, arn.size(), [&](Units units) { return arn_matches(units, arn); });
}

std::vector<std::string> Pattern::keys() const {
    std::vector<std::string> result;
    if (parts_)
        for (const auto& variable : parts_->variables) result.push_back(variable.key);
    return result;
}

}  // namespace keytide::iam_policy
