#include "lab/cloudformation/substitution.hpp"

#include <algorithm>

namespace keytide::lab::cloudformation {
namespace {

bool is_name(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == ':' ||
               c == '.' || c == '_';
    });
}

std::string_view trimmed(std::string_view text) {
    while (text.starts_with(' ')) text.remove_prefix(1);
    while (text.ends_with(' ')) text.remove_suffix(1);
    return text;
}

}  // namespace

Outcome<std::vector<Fragment>> fragments_of(std::string_view text) {
    std::vector<Fragment> fragments;
    std::string plain;
    while (!text.empty()) {
        const auto start = text.find("${");
        plain += text.substr(0, start);
        if (start == std::string_view::npos) break;
        text.remove_prefix(start + 2);
        const auto end = text.find('}');
        const auto inside = text.substr(0, end);
        if (end != std::string_view::npos && inside.starts_with('!')) {
            plain.append("${").append(inside.substr(1)).append("}");
        } else if (end != std::string_view::npos && is_name(trimmed(inside))) {
            if (!plain.empty()) fragments.push_back({std::exchange(plain, {})});
            fragments.push_back({std::string(trimmed(inside)), true});
        } else {
            return template_error(
                "variable names in Fn::Sub syntax must contain only alphanumeric characters, underscores, "
                "periods, and colons");
        }
        text.remove_prefix(end + 1);
    }
    if (!plain.empty()) fragments.push_back({std::move(plain)});
    return fragments;
}

Reference reference_of(const Fragment& variable) {
    const auto dot = variable.text.find('.');
    if (dot == std::string::npos) return {variable.text, {}};
    return {variable.text.substr(0, dot), variable.text.substr(dot + 1)};
}

}  // namespace keytide::lab::cloudformation
