#include "iam_policy/overlap.hpp"

#include <string>
#include <vector>

namespace keytide::iam_policy {
namespace {

bool is_run(char c) {
    return c == '*' || c == '@';
}

// What stands in ${…} may be anything: a star is put there. ${*} and its like are one character.
std::string without_variables(std::string_view text) {
    std::string result;
    while (!text.empty()) {
        const auto end = text.starts_with("${") ? text.find('}') : std::string_view::npos;
        result += end == std::string_view::npos ? text.front() : end == 3 ? '?' : '*';
        text.remove_prefix(end == std::string_view::npos ? 1 : end + 1);
    }
    return result;
}

// Whether one character can be an instance of both.
bool agree(char a, char b) {
    const auto is_any = [](char c) { return c == '?' || is_run(c); };
    if ((a == '@' && b == '/') || (b == '@' && a == '/')) return false;
    return is_any(a) || is_any(b) || a == b;
}

// reachable[j]: what is left of `a` and b[j…] can be the same text. Row by row, from the end of both.
bool share_a_text(std::string_view a, std::string_view b) {
    std::vector<char> below(b.size() + 1);  // the row of the next character of a
    std::vector<char> row(b.size() + 1);
    for (auto i = a.size() + 1; i-- > 0;) {
        for (auto j = b.size() + 1; j-- > 0;) {
            const bool a_ends = i == a.size();
            const bool b_ends = j == b.size();
            bool here = a_ends && b_ends;
            if (!a_ends && is_run(a[i])) here = here || below[j] != 0;    // the run is over
            if (!b_ends && is_run(b[j])) here = here || row[j + 1] != 0;  // so is this one
            if (!a_ends && !b_ends && agree(a[i], b[j])) {
                here = here || below[j + 1] != 0;
                if (is_run(a[i])) here = here || row[j + 1] != 0;  // the run of a takes one of b and goes on
                if (is_run(b[j])) here = here || below[j] != 0;
            }
            row[j] = char(here);
        }
        below = row;
    }
    return below[0] != 0;
}

std::string_view take_segment(std::string_view& text, int index) {
    const auto end = index == 5 ? std::string_view::npos : text.find(':');
    const auto segment = text.substr(0, end);
    text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
    return segment;
}

}  // namespace

bool may_meet(std::string_view resource, std::string_view form) {
    if (resource == "*") return true;
    const auto text = without_variables(resource);
    std::string_view rest = text;
    for (int i = 0; i < 6; ++i)
        if (!share_a_text(take_segment(rest, i), take_segment(form, i))) return false;
    return true;
}

}  // namespace keytide::iam_policy
